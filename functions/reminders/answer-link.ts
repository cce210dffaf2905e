import type { Appointment, Communication, Organization } from 'fhir/r4';
import type { Tenant } from '../../core/directory/directory.ts';
import { hashOf } from '../../core/links/secret.ts';
import { Problem, said } from '../../core/outcome.ts';
import { cancel, confirm } from '../../core/scheduling/change.ts';
import type { Scope } from '../../core/scope.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import {
  type LinkAnswer,
  languageOf,
  type Reminder,
  reminderOf,
  type VisitLinkState,
  type VisitLinkView,
} from '../../schemas/reminders.ts';
import { appointmentOf, isConfirmed, withReminder } from './communication.ts';
import { startOf, zoneOfVisit } from './visit.ts';

export interface LinkDeps {
  readonly records: Pick<Records, 'read' | 'readMany' | 'transact' | 'ofType'>;
  readonly nowMs: () => number;
}

/** What a link leads to. */
interface Opened {
  readonly message: Stored<Communication>;
  readonly reminder: Reminder;
  readonly visit: Stored<Appointment> | undefined;
}

/**
 * Whether a link can be used, and if not, why: what was answered is said only while it is still so. Whoever was to come at a time that has
 * changed since must not read that they are expected. `patient`: of the message, whose visit it must still be. Pure.
 */
export function linkState(
  { answer, start }: Reminder,
  visit: Appointment | undefined,
  nowMs: number,
  patient: string | undefined,
): VisitLinkState {
  const isTheirs = visit?.participant.some(({ actor }) => actor?.reference === patient);
  if (!visit || !isTheirs || visit.status === 'cancelled' || visit.status === 'entered-in-error')
    return answer === 'cancelled' ? 'cancelled' : 'gone';
  if (startOf(visit) !== Date.parse(start)) return 'moved';
  if (answer) return answer;
  return visit.status === 'booked' && nowMs < Date.parse(start) ? 'open' : 'expired';
}

/** @throws Problem not-found for whatever is not the token of a message of this clinic */
async function open({ records }: LinkDeps, scope: Scope, token: string): Promise<Opened> {
  const [id = '', secret = ''] = token.split('.');
  const parsed = FhirId.safeParse(id);
  const message = parsed.success ? await readIfThere<Communication>(records, scope, 'Communication', parsed.data) : undefined;
  const reminder = message && reminderOf(message);
  // Of the token only its hash is kept. It has 256 random bits: how long a comparison takes tells nothing of the next.
  if (!message || !reminder?.link || reminder.link !== hashOf(secret)) throw new Problem('not-found', said('visit-link-unknown'));
  const appointment = FhirId.safeParse(appointmentOf(message)).data;
  const visit = appointment && (await readIfThere<Appointment>(records, scope, 'Appointment', appointment));
  return { message, reminder, visit };
}

/** What the page shows. It changes nothing, however often a mail scanner opens the page. */
export async function lookAtLink(deps: LinkDeps, scope: Scope, clinic: Tenant, token: string): Promise<VisitLinkView> {
  return viewOf(deps, scope, clinic, await open(deps, scope, token));
}

async function viewOf(
  deps: LinkDeps,
  scope: Scope,
  clinic: Tenant,
  { message, reminder, visit }: Opened,
): Promise<VisitLinkView> {
  const patient = FhirId.safeParse(message.subject?.reference?.replace('Patient/', '')).data;
  const [person] = patient ? await deps.records.readMany(scope, [{ type: 'Patient', id: patient }]) : [];
  const language = person?.resourceType === 'Patient' ? languageOf(person) : undefined;
  const phone = await phoneOf(deps, scope);
  return {
    state: linkState(reminder, visit, deps.nowMs(), message.subject?.reference),
    clinic: clinic.name,
    ...(phone && { phone }),
    start: reminder.start,
    timeZone: visit ? await zoneOfVisit(deps.records, scope, visit, clinic.timeZone) : clinic.timeZone,
    ...(language && { language }),
    confirmed: visit !== undefined && isConfirmed(visit),
  };
}

async function phoneOf({ records }: LinkDeps, scope: Scope): Promise<string | undefined> {
  const { items } = await records.ofType(scope, 'Organization', { count: 5 });
  return (items as readonly Stored<Organization>[]).flatMap(({ telecom = [] }) =>
    telecom.flatMap(({ system, value }) => (system === 'phone' && value ? [value] : [])),
  )[0];
}

/**
 * Does what the page's button says and uses the link up: the visit's new version and the message's are one transaction, each on condition
 * that nobody was quicker. So of two answers one is given, and the minutes of a cancelled visit are free the moment the link is used.
 * The same answer again is answered as the first time.
 */
export async function answerLink(
  deps: LinkDeps,
  scope: Scope,
  clinic: Tenant,
  { token, answer }: { token: string; answer: LinkAnswer },
): Promise<VisitLinkView> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const opened = await open(deps, scope, token);
    const { message, reminder, visit } = opened;
    const state = linkState(reminder, visit, deps.nowMs(), message.subject?.reference);
    if (state === answer) return viewOf(deps, scope, clinic, opened);
    if (state !== 'open' || !visit) throw new Problem('conflict', said(REFUSALS[state === 'open' ? 'gone' : state]));
    const answered = withReminder(message, { answer, answered: new Date(deps.nowMs()).toISOString() });
    const seen = {
      online: true,
      ifMatch: Number(visit.meta.versionId),
      alongside: [{ kind: 'update', resource: answered, ifMatch: Number(message.meta.versionId) } as const],
    };
    try {
      if (answer === 'cancelled') await cancel(deps, scope, FhirId.parse(visit.id), { reason: 'pat' }, seen);
      else await confirm(deps, scope, FhirId.parse(visit.id), seen);
      return await viewOf(deps, scope, clinic, await open(deps, scope, token));
    } catch (error) {
      // Somebody else was quicker, with the visit or with this link: what stands now decides.
      if (!(error instanceof Problem) || (error.kind !== 'stale-version' && error.kind !== 'conflict')) throw error;
    }
  }
  throw new Problem('conflict', said('visit-link-busy'));
}
const ATTEMPTS = 4;

const REFUSALS = {
  confirmed: 'visit-link-confirmed',
  cancelled: 'visit-link-cancelled',
  expired: 'visit-link-expired',
  moved: 'visit-link-moved',
  gone: 'visit-link-gone',
} as const;
