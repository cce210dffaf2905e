import { randomUUID } from 'node:crypto';
import type { Communication, Patient } from 'fhir/r4';
import * as z from 'zod';
import type { Tenant } from '../../core/directory/directory.ts';
import { endpoint, reply } from '../../core/http/endpoint.ts';
import type { Endpoint, Params } from '../../core/http/types.ts';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { type Changed, changedBetween, recordOfChanged } from '../../core/store/changed.ts';
import type { Cursors } from '../../core/store/cursor.ts';
import type { Table } from '../../core/store/table.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { personName } from '../../schemas/names.ts';
import {
  addressOf,
  type ClinicReminders,
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
  readonly cursors: Pick<Cursors, 'seal' | 'open'>;
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

/** The days of which the clinic's list tells. */
const LATELY_MS = 7 * 86_400_000;
const PAGE = 50;
/** Messages that are no reminders are read over: at most this many pages of them for one answer. */
const MOST_PAGES = 4;

/** GET {A}/reminders: what was sent in the last seven days, the newest first. */
const lately = (deps: DeskDeps): Endpoint =>
  endpoint({
    method: 'GET',
    path: '/api/{tenant}/reminders',
    access: { kind: 'tenant', type: 'Communication', interaction: 'search' },
    summary:
      'The reminders of the last seven days with what became of each, the last changed first, up to 50 a page: `cursor` is the one before’s, and an answer without one is the last.',
    media: 'application/json',
    async run({ scope, query }) {
      const { reminders, cursor } = await recentReminders(deps, scope, query.get('cursor') ?? undefined);
      const ids = reminders.flatMap(({ subject }) => FhirId.safeParse(subject?.reference?.replace('Patient/', '')).data ?? []);
      const people = await deps.records.readMany(
        scope,
        [...new Set(ids)].map((id) => ({ type: 'Patient', id })),
      );
      const patients = Object.fromEntries(
        people.flatMap((person) => (person.resourceType === 'Patient' ? [[person.id, personName(person.name) ?? '']] : [])),
      );
      return reply(200, { reminders, patients, ...(cursor !== undefined && { cursor }) } satisfies ClinicReminders);
    },
  });

/**
 * A page from the index of changes, which is a moment behind: good for a list of what was sent, and for nothing else. A reminder that
 * changes while somebody reads on moves to the first page, and is never given twice.
 */
async function recentReminders(
  deps: DeskDeps,
  scope: Scope,
  cursor: string | undefined,
): Promise<{ reminders: readonly Communication[]; cursor?: string }> {
  const { tenant } = scope;
  const nowMs = deps.nowMs();
  const span = {
    from: { instant: new Date(nowMs - LATELY_MS).toISOString() },
    to: new Date(nowMs).toISOString(),
    limit: PAGE,
    order: 'descending',
  } as const;
  const found: Communication[] = [];
  let after = cursor === undefined ? undefined : placeIn(deps.cursors.open(tenant, LIST, cursor));
  for (let page = 0; page < MOST_PAGES; page++) {
    const changed = await changedBetween(deps.tableOf(scope), tenant, 'Communication', span, after);
    const named = changed.items.flatMap((at) => {
      const name = recordOfChanged(at);
      return name ? [{ at, name }] : [];
    });
    const records = (await deps.records.readMany(
      scope,
      named.map(({ name }) => name),
    )) as readonly Stored<Communication>[];
    const byId = new Map(records.map((record) => [record.id, record]));
    for (const { at, name } of named) {
      const record = byId.get(name.id);
      if (record && reminderOf(record) !== undefined) found.push(record);
      if (found.length === PAGE) return { reminders: found, cursor: deps.cursors.seal(tenant, LIST, textOf(at)) };
    }
    after = changed.after;
    if (!after) return { reminders: found };
  }
  return { reminders: found, ...(after && { cursor: deps.cursors.seal(tenant, LIST, textOf(after)) }) };
}
/** What a cursor of ours continues. */
const LIST = ['reminders'];
const Place = z.strictObject({ pk: z.string(), sk: z.string(), csk: z.string() });
const textOf = ({ pk, sk, csk }: Changed): string => JSON.stringify({ pk, sk, csk });
const placeIn = (text: string): Changed => Place.parse(JSON.parse(text));

export const reminderEndpoints = (deps: DeskDeps): readonly Endpoint[] => [
  look(deps),
  answer(deps, 'confirm'),
  answer(deps, 'cancel'),
  lately(deps),
  ofPatient(deps),
  say(deps),
];
