import type { AuditEvent, Practitioner } from 'fhir/r4';
import type { ServedRecords } from '../../core/provenance/served-records.ts';
import { type Scope, throughClinic } from '../../core/scope.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { type Role, TENANT_ROLES } from '../../schemas/access.ts';
import { FhirId } from '../../schemas/ids.ts';
import { chosenName, titledName } from '../../schemas/names.ts';
import type { AccessArea, OwnAccess, OwnAccesses } from '../../schemas/portal.ts';

export type Log = Pick<ServedRecords, 'auditEvents' | 'today'> & Pick<Records, 'readMany'>;

/** Audit rows of one answer, and pages of them that are looked through for it: of a chart's rows its own patient's are many. */
const PAGE = 100;
const MOST_PAGES = 3;
const ENOUGH = 30;

/**
 * Who has looked at a patient's record, or written in it, as the patient may know it: staff and programs of the clinic, what they did in
 * words of the portal, and their name where the clinic shows it. Not told: what was refused (nobody saw anything), and what another
 * patient did or tried, for that would name them. The patient's own visits are theirs to remember.
 */
export async function ownAccesses(
  log: Log,
  scope: Scope & { readonly confinedTo: FhirId },
  { names, cursor }: { readonly names: boolean; readonly cursor: string | undefined },
): Promise<OwnAccesses> {
  // The trail is the clinic's: of what it answers, `accessOf` keeps what names this patient.
  const clinic = throughClinic(scope);
  const patient = scope.confinedTo;
  const found: { access: OwnAccess; practitioner: FhirId | undefined }[] = [];
  let next = cursor;
  for (let page = 0; page < MOST_PAGES && found.length < ENOUGH; page++) {
    const question = { whose: { patient }, to: log.today() };
    const { items, cursor: older } = await log.auditEvents(clinic, question, { count: PAGE, ...(next && { cursor: next }) });
    found.push(
      ...(items as readonly Stored<AuditEvent>[]).flatMap((event) => accessOf(event, { patient, self: scope.user.id }) ?? []),
    );
    next = older;
    if (next === undefined) break;
  }
  const called = names
    ? await namesOf(
        log,
        clinic,
        found.flatMap(({ practitioner }) => practitioner ?? []),
      )
    : new Map<string, string>();
  return {
    accesses: found.map(({ access: { name, ...access }, practitioner }) => {
      const shown = names ? (name ?? called.get(practitioner ?? '')) : undefined;
      return { ...access, ...(shown && { name: shown }) };
    }),
    ...(next && { next }),
  };
}

const WRITES = new Set<AuditEvent['action']>(['C', 'U', 'D']);
const isRole = (text: string): text is Role => (TENANT_ROLES as readonly string[]).includes(text);

/** What one AuditEvent tells the patient; undefined for what is not told. Pure. */
export function accessOf(
  { type, subtype = [], action, outcome, recorded, agent: [agent], entity = [] }: AuditEvent,
  { patient, self }: { readonly patient: FhirId; readonly self: string },
): { access: OwnAccess; practitioner: FhirId | undefined } | undefined {
  const about = entity.flatMap(({ what }) => /^Patient\/([^/]+)/.exec(what?.reference ?? '')?.[1] ?? []);
  // More than one patient: it was no look at this record.
  if (outcome !== '0' || type.code !== 'rest' || about.length === 0 || about.some((id) => id !== patient)) return undefined;
  const roles = (agent?.role ?? []).flatMap(({ text = '' }) => (isRole(text) ? [text] : []));
  if (!agent || agent.who?.identifier?.value === self || roles.includes('patient')) return undefined;
  const types = entity
    .filter(({ role }) => role?.code === '4')
    .map(({ what }) => what?.type ?? what?.reference?.split('/')[0] ?? '');
  const deed = subtype[0]?.code;
  const [, practitioner] = /^Practitioner\/(.+)$/.exec(agent.who?.reference ?? '') ?? [];
  return {
    access: {
      at: recorded,
      who: roles.length > 0 ? 'staff' : 'program',
      roles,
      ...(agent.name && { name: agent.name }),
      did: WRITES.has(action) || deed === 'transaction' || deed === 'batch' ? 'wrote' : 'looked',
      areas: [...new Set(types.length > 0 ? types.map(areaOf) : (['record'] as const))].toSorted(),
    },
    practitioner: FhirId.safeParse(practitioner).data,
  };
}

const AREAS: Readonly<Partial<Record<AccessArea, readonly string[]>>> = {
  notes: ['Composition', 'DocumentReference', 'QuestionnaireResponse', 'Binary'],
  visits: ['Appointment', 'AppointmentResponse', 'Encounter', 'Schedule', 'Slot'],
  messages: ['Communication'],
  bills: [
    'Account',
    'ChargeItem',
    'Claim',
    'ClaimResponse',
    'Coverage',
    'ExplanationOfBenefit',
    'Invoice',
    'PaymentReconciliation',
  ],
  log: ['AuditEvent'],
};
const areaOf = (type: string): AccessArea =>
  (Object.keys(AREAS) as AccessArea[]).find((area) => AREAS[area]?.includes(type)) ?? 'record';

async function namesOf(
  records: Pick<Records, 'readMany'>,
  scope: Scope,
  ids: readonly FhirId[],
): Promise<ReadonlyMap<string, string>> {
  const found = await records.readMany(
    scope,
    [...new Set(ids)].map((id) => ({ type: 'Practitioner', id })),
  );
  return new Map(
    (found as readonly Stored<Practitioner>[]).flatMap(({ id, name }) => {
      const text = titledName(chosenName(name));
      return text ? [[id, text] as const] : [];
    }),
  );
}
