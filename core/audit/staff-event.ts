import type { AuditEvent } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import { agentOf } from './audit-event.ts';

/** What is done to a person rather than to a record. */
export const STAFF_DEEDS = [
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
export type StaffDeedName = (typeof STAFF_DEEDS)[number];

export interface StaffDeed {
  readonly what: StaffDeedName;
  readonly outcome: 'success' | 'refused';
  /** To whom: their `sub` once they have one, their name, their record. */
  readonly person: { readonly id?: string; readonly name?: string; readonly fhirUser?: string };
  /** The roles they have from then on. */
  readonly roles?: readonly string[];
}

const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
/** DICOM PS3.15, A.5.3: user authentication; and what changes a person's rights. */
const AUTHENTICATION = { system: DICOM, code: '110114', display: 'User Authentication' };
const RIGHTS = { system: DICOM, code: '110113', display: 'Security Alert' };
const CHANGED = { system: DICOM, code: '110137', display: 'User Security Attributes Changed' };
/** Our own word beside DICOM's. */
export const STAFF_SYSTEM = 'urn:tessera:staff';

const KINDS: Readonly<
  Record<StaffDeedName, { action: NonNullable<AuditEvent['action']>; type: AuditEvent['type']; subtype: AuditEvent['type'] }>
> = {
  'sign-up': { action: 'C', type: RIGHTS, subtype: CHANGED },
  'sign-in': { action: 'E', type: AUTHENTICATION, subtype: { system: DICOM, code: '110122', display: 'Login' } },
  'sign-out': { action: 'E', type: AUTHENTICATION, subtype: { system: DICOM, code: '110123', display: 'Logout' } },
  invite: { action: 'C', type: RIGHTS, subtype: CHANGED },
  'accept-invitation': { action: 'U', type: RIGHTS, subtype: CHANGED },
  'change-roles': { action: 'U', type: RIGHTS, subtype: { system: DICOM, code: '110136', display: 'Security Roles Changed' } },
  disable: { action: 'U', type: RIGHTS, subtype: CHANGED },
  enable: { action: 'U', type: RIGHTS, subtype: CHANGED },
  'reset-second-factor': { action: 'U', type: RIGHTS, subtype: CHANGED },
};

/** The AuditEvent of what somebody did to a person of the clinic. */
export function toStaffEvent(
  scope: Scope,
  { what, outcome, person, roles }: StaffDeed,
  id: FhirId,
  recorded: string,
): AuditEvent & { id: string } {
  const { action, type, subtype } = KINDS[what];
  return {
    resourceType: 'AuditEvent',
    id,
    type,
    subtype: [{ system: STAFF_SYSTEM, code: what }, subtype],
    action,
    recorded,
    outcome: outcome === 'success' ? '0' : '4',
    agent: [agentOf(scope)],
    source: { observer: { display: 'Tessera' } },
    entity: [
      {
        what: {
          ...(person.fhirUser && { reference: person.fhirUser }),
          ...(person.id && { identifier: { value: person.id } }),
          ...(person.name && { display: person.name }),
        },
        type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '1' },
        role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '11' },
        ...(roles?.length && { detail: [{ type: 'roles', valueString: roles.join(', ') }] }),
      },
    ],
  };
}
