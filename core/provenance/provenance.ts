import type { AuditEvent, Provenance, ProvenanceAgent } from 'fhir/r4';
import { FhirId } from '../../schemas/ids.ts';
import { DELETION } from '../audit/audit-event.ts';
import type { Stored } from '../store/types.ts';

/**
 * A Provenance for each version that a write made, read out of the write's AuditEvent: who, when, in which role, from which source. It is
 * stored nowhere else, so it cannot say anything but what the audit trail says.
 * Its id is `<AuditEvent id>.<number of the record among those that the AuditEvent names as written>`.
 * Shape: US Core 6.1.0 Provenance (author and transmitter, each on behalf of an organization).
 */
export type DerivedProvenance = Stored<Provenance>;

/** One version that an AuditEvent says was written. */
export interface Written {
  /** "Observation/1" */
  readonly record: string;
  readonly version: number;
  readonly deleted: boolean;
  /** The id of its Provenance. */
  readonly id: FhirId;
}

const DERIVED_ID = /^([0-9a-f-]{36})\.(\d{1,3})$/;
const VERSION = /^([A-Za-z]+\/[A-Za-z0-9.-]{1,64})\/_history\/(\d+)$/;
const WRITES = new Set(['create', 'update', 'delete', 'batch', 'transaction']);

/** The AuditEvent that a derived Provenance's id names; undefined for the id of a stored one. */
export const auditEventOf = (id: string): FhirId | undefined => FhirId.safeParse(DERIVED_ID.exec(id)?.[1]).data;

/** The versions that an AuditEvent says were written; none for a look or a refusal. */
export function writtenIn({ id = '', outcome, subtype = [], entity = [] }: AuditEvent): Written[] {
  if (outcome !== '0' || !subtype.some(({ code }) => code && WRITES.has(code))) return [];
  return entity
    .flatMap(({ what, lifecycle }) => {
      const [, record, version] = VERSION.exec(what?.reference ?? '') ?? [];
      return record && version ? [{ record, version: Number(version), deleted: lifecycle?.code === DELETION.code }] : [];
    })
    .map((one, number) => ({ ...one, id: FhirId.parse(`${id}.${number}`) }));
}

/** The Provenance of one version. `fhirBase` names the clinic on whose behalf it was written. */
export function toProvenance(event: AuditEvent, { id, record, version, deleted }: Written, fhirBase: string): DerivedProvenance {
  const { recorded } = event;
  const source = event.entity?.find(({ role }) => role?.code === '3')?.what?.identifier;
  return {
    resourceType: 'Provenance',
    id,
    meta: { versionId: '1', lastUpdated: recorded, profile: [US_CORE] },
    target: [{ reference: `${record}/_history/${version}` }],
    recorded,
    activity: { coding: [{ system: DATA_OPERATION, code: deleted ? 'DELETE' : version === 1 ? 'CREATE' : 'UPDATE' }] },
    agent: agentsOf(event, fhirBase, source !== undefined),
    ...(source && { entity: [{ role: 'source', what: { identifier: source } }] }),
  };
}

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance';
const DATA_OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';
const AUTHOR = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code: 'author', display: 'Author' }],
};
const TRANSMITTER = {
  coding: [
    {
      system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type',
      code: 'transmitter',
      display: 'Transmitter',
    },
  ],
};

/** Whoever brings in records from elsewhere transmits them; who wrote them there is not known here. */
function agentsOf({ agent: [agent] }: AuditEvent, fhirBase: string, imported: boolean): ProvenanceAgent[] {
  const who = { ...agent?.who, ...(agent?.name && { display: agent.name }) };
  const shared = {
    ...(agent?.role && { role: agent.role }),
    who,
    onBehalfOf: { type: 'Organization', identifier: { system: 'urn:ietf:rfc:3986', value: fhirBase } },
  };
  const transmitter = { type: TRANSMITTER, ...shared };
  return imported ? [transmitter] : [{ type: AUTHOR, ...shared }, transmitter];
}
