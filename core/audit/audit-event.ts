import type { AuditEvent, AuditEventEntity } from 'fhir/r4';
import type { Interaction } from '../../schemas/access.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';

/** How it ended, in AuditEvent's words: success, minor failure (refused), serious failure (our fault). */
export type AuditOutcome = 'success' | 'refused' | 'failed';

/** What somebody did, or tried to do. One AuditEvent is made of it. */
export interface Deed {
  /** FHIR's verb; `transaction` and `batch` when several records were written at once. */
  readonly interaction: Interaction | 'transaction' | 'batch';
  readonly outcome: AuditOutcome;
  /** The records it touched. A version is named where one was written. */
  readonly records: readonly {
    readonly type: string;
    readonly id?: FhirId;
    readonly version?: number;
    /** The version says "deleted". */
    readonly deleted?: true;
  }[];
  /** Whose chart it was. */
  readonly patient?: FhirId | undefined;
  /** The search as it was asked. It may hold names: the audit rows are as protected as the charts. */
  readonly query?: string | undefined;
  /** Where imported records came from. */
  readonly source?: string | undefined;
  /** Why, where whoever did it had to say so. */
  readonly reason?: string | undefined;
}

/** FHIR R4 AuditEvent.action. */
const ACTIONS: Readonly<Record<Deed['interaction'], NonNullable<AuditEvent['action']>>> = {
  create: 'C',
  import: 'C',
  read: 'R',
  vread: 'R',
  history: 'R',
  update: 'U',
  delete: 'D',
  search: 'E',
  transaction: 'E',
  batch: 'E',
};
/** http://hl7.org/fhir/restful-interaction. An import is a batch of creates. */
const SUBTYPES: Readonly<Partial<Record<Deed['interaction'], string>>> = {
  history: 'history-instance',
  search: 'search-type',
  import: 'batch',
};
/** FHIR R4 AuditEvent.outcome. */
const OUTCOMES: Readonly<Record<AuditOutcome, NonNullable<AuditEvent['outcome']>>> = { success: '0', refused: '4', failed: '8' };

/** DICOM's object life cycle: logical deletion. A transaction may hold creates, updates and deletes. */
export const DELETION = { system: 'http://terminology.hl7.org/CodeSystem/dicom-audit-lifecycle', code: '14' };
const DICOM_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';

/** The FHIR R4 AuditEvent of a deed, after the patterns of IHE BALP (Basic Audit Log Patterns). */
export function toAuditEvent(scope: Scope, deed: Deed, id: FhirId, recorded: string): AuditEvent & { id: string } {
  return {
    resourceType: 'AuditEvent',
    id,
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: SUBTYPES[deed.interaction] ?? deed.interaction }],
    action: ACTIONS[deed.interaction],
    recorded,
    outcome: OUTCOMES[deed.outcome],
    ...(deed.reason && { purposeOfEvent: [{ text: deed.reason }] }),
    agent: [agentOf(scope)],
    source: { observer: { display: 'Tessera' } },
    entity: entitiesOf(scope, deed),
  };
}

/** Who did it: their `sub`, their record and name as far as the token says them, and the roles they had at that moment. */
export const agentOf = ({ user: { id, fhirUser, name }, roles }: Scope): AuditEvent['agent'][number] => ({
  who: { ...(fhirUser && { reference: fhirUser }), identifier: { value: id } },
  ...(name && { name }),
  requestor: true,
  ...(roles.length > 0 && { role: roles.map((role) => ({ text: role })) }),
});

function entitiesOf(scope: Scope, { records, patient, query, source }: Deed): AuditEventEntity[] {
  const entities: AuditEventEntity[] = [
    {
      what: { identifier: { value: scope.requestId } },
      type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
    },
  ];
  if (patient) entities.push({ what: { reference: `Patient/${patient}` }, role: { system: DICOM_ROLE, code: '1' } });
  for (const { type, id, version, deleted } of records) {
    if (id && type === 'Patient' && id === patient && version === undefined) continue;
    const reference = id ? `${type}/${id}${version === undefined ? '' : `/_history/${version}`}` : type;
    entities.push({
      what: id ? { reference } : { type },
      role: { system: DICOM_ROLE, code: '4' },
      ...(deleted && { lifecycle: DELETION }),
    });
  }
  if (query !== undefined)
    entities.push({ query: Buffer.from(query).toString('base64'), role: { system: DICOM_ROLE, code: '24' } });
  if (source) entities.push({ what: { identifier: { value: source } }, role: { system: DICOM_ROLE, code: '3' } });
  return entities;
}
