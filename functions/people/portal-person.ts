import type { HumanName, Patient, Person } from 'fhir/r4';
import { stableId } from '../../core/stable-id.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { FhirId } from '../../schemas/ids.ts';
import { personName } from '../../schemas/names.ts';

/** The patients pool, as the issuer of a Person's identifier. */
export const PORTAL_ACCOUNT = 'urn:tessera:portal-account';

export const personId = (tenant: TenantId, patient: FhirId, sub: string): FhirId => stableId(tenant, `person/${patient}/${sub}`);

/**
 * Whose account sees which chart, in the chart (FHIR R4, Person.link). Level 2: the mailbox and the birth date were proven, no identity
 * document was seen (NIST SP 800-63-3 as R4's codes name it). It records; what opens the chart is the membership.
 */
export function personOf(
  tenant: TenantId,
  patient: Patient & { readonly id: string },
  { sub, email, active }: { readonly sub: string; readonly email: string; readonly active: boolean },
): Person & { id: FhirId } {
  const text = personName(patient.name);
  const name: HumanName[] = text ? [{ text }] : [];
  return {
    resourceType: 'Person',
    id: personId(tenant, FhirId.parse(patient.id), sub),
    identifier: [{ system: PORTAL_ACCOUNT, value: sub }],
    active,
    ...(name.length > 0 && { name }),
    telecom: [{ system: 'email', value: email }],
    link: [{ target: { reference: `Patient/${patient.id}` }, assurance: 'level2' }],
  };
}
