import type { AuditEvent, AuditEventEntity } from 'fhir/r4';

/** What was done, in the words of the screen (`accessLog.deeds`). */
export const DEEDS = [
  'opened',
  'read',
  'readVersion',
  'readHistory',
  'searched',
  'soughtPatients',
  'recorded',
  'changed',
  'deleted',
  'wrote',
  'broughtIn',
  'lookedAtLog',
  'sign-up',
  'sign-in',
  'sign-out',
  'invite',
  'accept-invitation',
  'change-roles',
  'disable',
  'enable',
  'reset-second-factor',
] as const;
export type DeedName = (typeof DEEDS)[number];

/** One line of the access log. */
export interface AccessLine {
  readonly id: string;
  readonly at: string;
  /** The person's id, which every line has; their record and name as far as the line says them. */
  readonly who: { readonly sub: string; readonly reference?: string; readonly name?: string };
  readonly roles: readonly string[];
  readonly deed: DeedName;
  /** The kinds of records it was about, each once; empty when it was the chart as a whole. */
  readonly types: readonly string[];
  /** How many records were written. */
  readonly written: number;
  /** Whose chart, where there is one. */
  readonly patient?: string;
  /** Who it was done to, and the roles they have since, when it was done to a person. */
  readonly person?: string;
  readonly roleChange?: string;
  readonly refused: boolean;
  /** The reason given for looking, which is not asked yet. */
  readonly purpose?: string;
}

const STAFF_SYSTEM = 'urn:tessera:staff';
/** http://terminology.hl7.org/CodeSystem/object-role */
const [PATIENT, RECORD, PERSON, SOURCE] = ['1', '4', '11', '3'];
/** http://hl7.org/fhir/restful-interaction */
const BY_INTERACTION: Readonly<Record<string, DeedName>> = {
  read: 'read',
  vread: 'readVersion',
  'history-instance': 'readHistory',
  'search-type': 'searched',
  create: 'recorded',
  update: 'changed',
  delete: 'deleted',
  batch: 'wrote',
  transaction: 'wrote',
};

const inRole = (entity: readonly AuditEventEntity[], role: string | undefined) => entity.filter((one) => one.role?.code === role);

/** An AuditEvent as a line for people. */
export function accessLine(event: AuditEvent): AccessLine {
  const { id = '', recorded, outcome, entity = [], subtype = [] } = event;
  const [agent] = event.agent;
  const patient = inRole(entity, PATIENT)[0]?.what?.reference?.replace(/^Patient\//, '');
  const records = inRole(entity, RECORD).flatMap(({ what }) => what ?? []);
  const types = [...new Set(records.map(({ type, reference = '' }) => type ?? reference.split('/')[0] ?? ''))].filter(Boolean);
  const [person] = inRole(entity, PERSON);
  const deed = deedOf(subtype, types, inRole(entity, SOURCE).length > 0);
  return {
    id,
    at: recorded,
    who: {
      sub: agent?.who?.identifier?.value ?? '',
      ...(agent?.who?.reference && { reference: agent.who.reference }),
      ...(agent?.name && { name: agent.name }),
    },
    roles: (agent?.role ?? []).flatMap(({ text }) => text ?? []),
    deed,
    types: deed === 'opened' || deed === 'lookedAtLog' ? [] : types,
    written: records.filter(({ reference }) => reference?.includes('/_history/')).length,
    ...(patient && { patient }),
    ...(person?.what && { person: person.what.display ?? person.what.identifier?.value ?? '' }),
    ...(person?.detail?.[0]?.valueString && { roleChange: person.detail[0].valueString }),
    refused: outcome !== '0',
    ...(event.purposeOfEvent?.[0]?.text && { purpose: event.purposeOfEvent[0].text }),
  };
}

function deedOf(subtype: NonNullable<AuditEvent['subtype']>, types: readonly string[], imported: boolean): DeedName {
  const staff = subtype.find(({ system }) => system === STAFF_SYSTEM)?.code;
  if (staff) return DEEDS.find((name) => name === staff) ?? 'changed';
  if (types.includes('AuditEvent')) return 'lookedAtLog';
  const deed = BY_INTERACTION[subtype[0]?.code ?? ''] ?? 'read';
  if (deed === 'searched' && types.length === 1 && types[0] === 'Patient') return 'soughtPatients';
  if (deed === 'wrote' && imported) return 'broughtIn';
  // A chart is opened by reading its patient: the line then names nothing but whose chart it was.
  return deed === 'read' && (types.length === 0 || (types.length === 1 && types[0] === 'Patient')) ? 'opened' : deed;
}

/** Everybody in these lines, each once, by the name that is shown. */
export function peopleIn(lines: readonly AccessLine[], nameOf: (line: AccessLine) => string): { sub: string; name: string }[] {
  const people = new Map(lines.filter(({ who }) => who.sub).map((line) => [line.who.sub, nameOf(line)]));
  return [...people].map(([sub, name]) => ({ sub, name })).sort((one, other) => one.name.localeCompare(other.name));
}
