import type { Communication, Invoice, Task } from 'fhir/r4';
import type { QuestionThread } from '../../schemas/billing.ts';
import { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import type { Stored, Write } from '../store/types.ts';
import { taskId } from '../tasks/build.ts';
import { completionWrites, openingWrites } from '../tasks/open-task.ts';
import type { BillingDeps } from './clinic.ts';
import { patientOfInvoice } from './invoice.ts';
import { chartOf } from './visits.ts';

/*
 * A question about an invoice: Communications that name it, and a task of the billing desk with a day to answer by while one is open.
 * A resolved thread that is asked again is opened again: each opening has a task of its own.
 */
const TOPIC = 'urn:tessera:billing-question';
const OPENING = 'urn:tessera:billing-question-opening';

export interface NewMessage {
  /** Made when the form is opened: a repeat is the same message. */
  readonly attempt: string;
  readonly text: string;
  readonly from: 'patient' | 'clinic';
}

async function messagesOf(deps: BillingDeps, scope: Scope, invoice: Stored<Invoice>): Promise<Stored<Communication>[]> {
  const all = await chartOf<Communication>(deps, scope, FhirId.parse(patientOfInvoice(invoice)), 'Communication');
  return all
    .filter(
      ({ about, category }) =>
        about?.[0]?.reference === `Invoice/${invoice.id}` && category?.[0]?.coding?.[0]?.code === 'billing-question',
    )
    .sort((a, b) => ((a.sent ?? '') < (b.sent ?? '') ? -1 : 1));
}

/** Which opening of the thread is the last one. */
const openingOf = (messages: readonly Communication[]): number =>
  Math.max(1, ...messages.map(({ extension }) => extension?.find(({ url }) => url === OPENING)?.valueInteger ?? 1));
const keyOf = (invoice: string, opening: number): string => `${invoice}/${opening}`;

async function taskOf(
  { records }: BillingDeps,
  scope: Scope,
  invoice: string,
  opening: number,
): Promise<Stored<Task> | undefined> {
  const [task] = await records.readMany(scope, [
    { type: 'Task', id: taskId(scope.tenant, 'billing-question', keyOf(invoice, opening)) },
  ]);
  return task as Stored<Task> | undefined;
}

export async function readThread(deps: BillingDeps, scope: Scope, id: FhirId): Promise<QuestionThread> {
  const invoice = await deps.records.read<Invoice>(scope, 'Invoice', id);
  const messages = await messagesOf(deps, scope, invoice);
  const task = messages.length > 0 ? await taskOf(deps, scope, id, openingOf(messages)) : undefined;
  const isOpen = task !== undefined && task.status !== 'completed' && task.status !== 'cancelled';
  const due = task?.restriction?.period?.end;
  return {
    state: messages.length === 0 ? 'none' : isOpen ? 'open' : 'resolved',
    ...(isOpen && due && { due }),
    messages: messages.map(({ id: message, sent = '', payload, sender }) => ({
      id: message,
      at: sent,
      from: sender?.reference?.startsWith('Patient/') ? 'patient' : 'clinic',
      ...(sender?.display && { by: sender.display }),
      text: payload?.[0]?.contentString ?? '',
    })),
  };
}

/** Adds a message. A question opens the task, or the one after a thread that was resolved; an answer does not close it: a person does. */
export async function ask(deps: BillingDeps, scope: Scope, id: FhirId, { attempt, text, from }: NewMessage): Promise<void> {
  const invoice = await deps.records.read<Invoice>(scope, 'Invoice', id);
  const messages = await messagesOf(deps, scope, invoice);
  if (messages.some((message) => message.id === attempt)) return;
  const last = openingOf(messages);
  const task = messages.length > 0 ? await taskOf(deps, scope, id, last) : undefined;
  const isOver = task?.status === 'completed' || task?.status === 'cancelled';
  const opening = isOver ? last + 1 : last;
  const patient = { reference: `Patient/${patientOfInvoice(invoice)}` };
  const { fhirUser, name } = scope.user;
  const communication: Communication = {
    resourceType: 'Communication',
    extension: [{ url: OPENING, valueInteger: opening }],
    status: 'completed',
    category: [{ coding: [{ system: TOPIC, code: 'billing-question' }] }],
    subject: patient,
    about: [{ reference: `Invoice/${id}` }],
    sent: deps.now().toISOString(),
    sender: from === 'patient' ? patient : { ...(fhirUser && { reference: fhirUser }), ...(name && { display: name }) },
    payload: [{ contentString: text }],
  };
  const opens: readonly Write[] =
    from === 'patient' || messages.length === 0
      ? await openingWrites(
          deps.records,
          scope,
          { kind: 'billing-question', key: keyOf(id, opening), for: patient, focus: { reference: `Invoice/${id}` } },
          { now: deps.now() },
        )
      : [];
  await deps.records.transact(scope, [{ kind: 'create', resource: communication, id: FhirId.parse(attempt) }, ...opens], {
    via: 'transaction',
  });
}

/** The question is answered: its task is done. */
export async function resolve(deps: BillingDeps, scope: Scope, id: FhirId): Promise<void> {
  const invoice = await deps.records.read<Invoice>(scope, 'Invoice', id);
  const messages = await messagesOf(deps, scope, invoice);
  const writes = await completionWrites(
    deps.records,
    scope,
    'billing-question',
    keyOf(id, openingOf(messages)),
    scope.user,
    deps.now(),
  );
  if (writes.length > 0) await deps.records.transact(scope, writes);
}
