import { randomUUID } from 'node:crypto';
import type { Communication, Patient } from 'fhir/r4';
import type { Tenant } from '../../core/directory/directory.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint, Params } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { type Changed, changedBetween, recordOfChanged } from '../../core/store/changed.ts';
import type { Table } from '../../core/store/table.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { personName } from '../../schemas/names.ts';
import {
  addressOf,
  type LinkAnswer,
  REMINDER_CHANNELS,
  type ReminderPreference,
  ReminderWish,
  reminderOf,
  VisitLinkToken,
} from '../../schemas/reminders.ts';
import { answerLink, type LinkDeps, lookAtLink } from './answer-link.ts';
import { readConsents, stateOfConsent, writeConsent } from './consents.ts';

export interface DeskDeps extends LinkDeps {
  readonly records: LinkDeps['records'] & Pick<Records, 'create' | 'update' | 'chart'>;
  readonly findTenant: (slug: string) => Promise<Tenant | undefined>;
  readonly tableOf: (scope: Scope) => Table;
}

const PUBLIC = {
  kind: 'public',
  why: 'Whoever holds the link of a reminder need not sign in. The link’s secret is in the body.',
} as const;

/** The clinic that the page's address names, and who acts: whoever holds the link. @throws Problem not-found */
async function clinicOf(
  { findTenant }: DeskDeps,
  { tenant = '' }: Params,
  origin: string,
): Promise<{ clinic: Tenant; scope: Scope }> {
  const clinic = await findTenant(tenant);
  if (clinic?.status !== 'active') throw new Problem('not-found', said('visit-link-unknown'));
  const scope: Scope = {
    tenant: clinic.id,
    slug: clinic.slug,
    user: { id: 'visit-link', name: 'By the link of a reminder' },
    roles: [],
    requestId: randomUUID(),
    fhirBase: `${origin}/api/${clinic.slug}/fhir/R4`,
  };
  return { clinic, scope };
}

/** POST {A}/visit-links/look */
const look = (deps: DeskDeps): Endpoint =>
  endpoint({
    method: 'POST',
    path: '/api/{tenant}/visit-links/look',
    access: PUBLIC,
    summary: 'What the link of a reminder is for, and whether it can still be used. Changes nothing.',
    media: 'application/json',
    body: VisitLinkToken,
    async run({ body, params, origin }) {
      const { clinic, scope } = await clinicOf(deps, params, origin);
      return reply(200, await lookAtLink(deps, scope, clinic, body.token));
    },
  });

const ANSWERS: Readonly<Record<'confirm' | 'cancel', LinkAnswer>> = { confirm: 'confirmed', cancel: 'cancelled' };

/** POST {A}/visit-links/confirm and …/cancel: the page's buttons. The only things that use a link up. */
const answer = (deps: DeskDeps, verb: 'confirm' | 'cancel'): Endpoint =>
  endpoint({
    method: 'POST',
    path: `/api/{tenant}/visit-links/${verb}`,
    access: PUBLIC,
    summary:
      verb === 'confirm'
        ? 'The patient will come to the visit. Uses the link of the reminder up.'
        : 'The patient cancels the visit, whose time is free at once. Uses the link of the reminder up.',
    media: 'application/json',
    body: VisitLinkToken,
    async run({ body, params, origin }) {
      const { clinic, scope } = await clinicOf(deps, params, origin);
      return reply(200, await answerLink(deps, scope, clinic, { token: body.token, answer: ANSWERS[verb] }));
    },
  });

const patientIn = ({ id }: Params): FhirId => {
  const parsed = FhirId.safeParse(id);
  if (!parsed.success) throw new Problem('not-found', said('nothing-here'));
  return parsed.data;
};

async function preferencesOf({ records }: DeskDeps, scope: Scope, patient: FhirId): Promise<ReminderPreference[]> {
  const [person, consents] = await Promise.all([
    records.read<Patient>(scope, 'Patient', patient),
    readConsents(records, scope, patient),
  ]);
  return REMINDER_CHANNELS.map((channel): ReminderPreference => {
    const consent = consents[channel];
    const address = addressOf(person, channel);
    const byMessage = consent?.performer?.some(({ reference }) => reference === `Patient/${patient}`) === true;
    return {
      channel,
      state: stateOfConsent(consents, channel),
      ...(address && { address }),
      ...(consent?.dateTime && { said: consent.dateTime }),
      ...(byMessage && { byMessage }),
    };
  });
}

/** GET {A}/patients/{id}/reminders: what a patient wants, and what was sent, the newest first. */
const ofPatient = (deps: DeskDeps): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/patients/{id}/reminders',
    access: { kind: 'tenant', type: 'Communication', interaction: 'read' },
    summary: 'How a patient wants to be reminded, and the reminders of the last visits with what became of each.',
    media: 'application/json',
    async run({ scope, params }) {
      const patient = patientIn(params);
      const [preferences, sent] = await Promise.all([preferencesOf(deps, scope, patient), remindersOf(deps, scope, patient)]);
      return { ...reply(200, { preferences, reminders: sent }), patient };
    },
  });

const MOST_SHOWN = 100;
async function remindersOf({ records }: DeskDeps, scope: Scope, patient: FhirId): Promise<readonly Communication[]> {
  const { items } = await records.chart(scope, patient, { types: 'Communication', count: MOST_SHOWN });
  return (items as readonly Stored<Communication>[])
    .filter((each) => reminderOf(each) !== undefined)
    .toSorted((one, other) => (one.meta.lastUpdated < other.meta.lastUpdated ? 1 : -1));
}

/** PUT {A}/patients/{id}/reminders: what the patient has said to the clinic. */
const say = (deps: DeskDeps): Endpoint =>
  endpoint({
    method: 'PUT',
    path: '/api/{tenant}/patients/{id}/reminders',
    access: { kind: 'tenant', type: 'Communication', interaction: 'update' },
    summary: 'Writes down that a patient wants, or wants no more, to be reminded by mail or by text message: a Consent.',
    media: 'application/json',
    body: ReminderWish,
    async run({ scope, params, body }) {
      const patient = patientIn(params);
      await deps.records.read(scope, 'Patient', patient);
      await writeConsent(deps.records, scope, { patient, ...body, by: 'staff' }, new Date(deps.nowMs()));
      return reply(200, { preferences: await preferencesOf(deps, scope, patient) });
    },
  });

/** The days of which the clinic's list tells, and the most reminders of it. */
const LATELY_MS = 7 * 86_400_000;
const MOST_LISTED = 200;
const PAGE = 500;

/** GET {A}/reminders: what was sent in the last seven days, the newest first. */
const lately = (deps: DeskDeps): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/reminders',
    access: { kind: 'tenant', type: 'Communication', interaction: 'search' },
    summary: 'The reminders of the last seven days, at most 200, the newest first, with what became of each.',
    media: 'application/json',
    async run({ scope }) {
      const reminders = await recentReminders(deps, scope);
      const ids = reminders.flatMap(({ subject }) => FhirId.safeParse(subject?.reference?.replace('Patient/', '')).data ?? []);
      const people = await deps.records.readMany(
        scope,
        [...new Set(ids)].map((id) => ({ type: 'Patient', id })),
      );
      const patients = Object.fromEntries(
        people.flatMap((person) => (person.resourceType === 'Patient' ? [[person.id, personName(person.name) ?? '']] : [])),
      );
      return reply(200, { reminders, patients });
    },
  });

/** From the index of changes, which is a moment behind: good for a list of what was sent, and for nothing else. */
async function recentReminders(deps: DeskDeps, scope: Scope): Promise<readonly Communication[]> {
  const nowMs = deps.nowMs();
  const span = { from: { instant: new Date(nowMs - LATELY_MS).toISOString() }, to: new Date(nowMs).toISOString(), limit: PAGE };
  const found: Stored<Communication>[] = [];
  let after: Changed | undefined;
  do {
    const page = await changedBetween(deps.tableOf(scope), scope.tenant, 'Communication', span, after);
    const records = await deps.records.readMany(
      scope,
      page.items.flatMap((one) => recordOfChanged(one) ?? []),
    );
    found.push(...(records as readonly Stored<Communication>[]).filter((each) => reminderOf(each) !== undefined));
    after = page.after;
  } while (after);
  return found.toSorted((one, other) => (one.meta.lastUpdated < other.meta.lastUpdated ? 1 : -1)).slice(0, MOST_LISTED);
}

export const reminderEndpoints = (deps: DeskDeps): readonly Endpoint[] => [
  look(deps),
  answer(deps, 'confirm'),
  answer(deps, 'cancel'),
  lately(deps),
  ofPatient(deps),
  say(deps),
];
