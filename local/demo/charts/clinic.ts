import type { FhirResource, Location, Organization, Practitioner, Reference } from 'fhir/r4';
import { stableId } from './seeded.ts';

/** Somebody of the staff who stands in the records as a Practitioner. */
export interface StaffMember {
  readonly key: string;
  readonly given: string;
  readonly family: string;
  readonly prefix?: string;
  readonly qualification: string;
}

/** A clinic as its records see it, apart from patients. */
export interface Clinic {
  readonly slug: string;
  readonly name: string;
  readonly city: string;
  readonly physicians: readonly [StaffMember, ...StaffMember[]];
  readonly nurses: readonly [StaffMember, ...StaffMember[]];
}

export const practitionerId = (clinic: Pick<Clinic, 'slug'>, staff: Pick<StaffMember, 'key'>): string =>
  stableId(`${clinic.slug}/practitioner/${staff.key}`);
const organizationId = (clinic: Pick<Clinic, 'slug'>, key: string): string => stableId(`${clinic.slug}/organization/${key}`);

export const practitionerName = ({ prefix, given, family }: StaffMember): string =>
  [prefix, given, family].filter(Boolean).join(' ');
export const practitioner = (clinic: Clinic, staff: StaffMember): Reference => ({
  reference: `Practitioner/${practitionerId(clinic, staff)}`,
  display: practitionerName(staff),
});
export const organization = (clinic: Clinic): Reference => ({
  reference: `Organization/${organizationId(clinic, 'clinic')}`,
  display: clinic.name,
});
export const laboratory = (clinic: Clinic): Reference => ({
  reference: `Organization/${organizationId(clinic, 'laboratory')}`,
  display: LABORATORY,
});
export const location = (clinic: Clinic): Reference => ({
  reference: `Location/${stableId(`${clinic.slug}/location`)}`,
  display: clinic.name,
});

const LABORATORY = 'Riverside Reference Laboratory';

export const PAYERS = {
  medicare: 'Federal Senior Plan (demo)',
  medicaid: 'State Family Plan (demo)',
  commercial: 'Meadow Mutual Health (demo)',
} as const;
export type PayerKey = keyof typeof PAYERS;
export const payer = (clinic: Clinic, key: PayerKey): Reference => ({
  reference: `Organization/${organizationId(clinic, key)}`,
  display: PAYERS[key],
});

/** What the charts refer to: the clinic, its laboratory, the payers, the people who work there. */
export function clinicResources(clinic: Clinic): FhirResource[] {
  const organizations: Organization[] = [
    toOrganization(clinic, 'clinic', clinic.name, 'prov', 'Healthcare Provider'),
    toOrganization(clinic, 'laboratory', LABORATORY, 'prov', 'Healthcare Provider'),
    ...Object.entries(PAYERS).map(([key, name]) => toOrganization(clinic, key, name, 'pay', 'Payer')),
  ];
  const place: Location = {
    resourceType: 'Location',
    id: stableId(`${clinic.slug}/location`),
    status: 'active',
    name: clinic.name,
    address: { line: ['12 Acorn Lane'], city: clinic.city, state: 'NY', postalCode: '13000', country: 'US' },
    managingOrganization: organization(clinic),
  };
  return [...organizations, place, ...[...clinic.physicians, ...clinic.nurses].map((staff) => toPractitioner(clinic, staff))];
}

const toOrganization = (clinic: Clinic, key: string, name: string, code: string, display: string): Organization => ({
  resourceType: 'Organization',
  id: organizationId(clinic, key),
  active: true,
  type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code, display }] }],
  name,
});

const toPractitioner = (clinic: Clinic, staff: StaffMember): Practitioner => ({
  resourceType: 'Practitioner',
  id: practitionerId(clinic, staff),
  active: true,
  identifier: [{ system: `https://tessera.example/${clinic.slug}/staff`, value: staff.key }],
  name: [{ use: 'official', family: staff.family, given: [staff.given], ...(staff.prefix && { prefix: [staff.prefix] }) }],
  qualification: [{ code: { text: staff.qualification } }],
});
