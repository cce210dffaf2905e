import type { Endpoint, FhirResource, Location, Organization, Practitioner, PractitionerRole, Reference } from 'fhir/r4';
import { stableId } from './seeded.ts';
import { withProfiles } from './us-core.ts';

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
  /** Postal abbreviation of the state. */
  readonly state: string;
  /** The first three digits of its patients' ZIP codes. */
  readonly zip: string;
  readonly areaCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** IANA name. All times in its charts are of this zone. */
  readonly timeZone: string;
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

/** The houses that a demo clinic works with. */
const PROVIDERS = {
  laboratory: 'Riverside Reference Laboratory',
  imaging: 'Lakeside Imaging Center',
  hospital: 'Mercy General Hospital',
  pharmacy: 'Corner Pharmacy',
} as const;
export type ProviderKey = keyof typeof PROVIDERS;

export const organization = (clinic: Clinic): Reference => ({
  reference: `Organization/${organizationId(clinic, 'clinic')}`,
  display: clinic.name,
});
export const provider = (clinic: Clinic, key: ProviderKey): Reference => ({
  reference: `Organization/${organizationId(clinic, key)}`,
  display: PROVIDERS[key],
});
export const location = (clinic: Clinic): Reference => ({
  reference: `Location/${stableId(`${clinic.slug}/location`)}`,
  display: clinic.name,
});
export const hospitalWard = (clinic: Clinic): Reference => ({
  reference: `Location/${stableId(`${clinic.slug}/location/hospital`)}`,
  display: PROVIDERS.hospital,
});

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

/**
 * A National Provider Identifier for somebody invented: nine digits from the name and the check digit of 45 CFR 162.406 (Luhn over
 * 80840 and the number). It begins with 1 and 0, a range that is not given out.
 */
export function inventedNpi(name: string): string {
  const digits = `10${(Number.parseInt(stableId(name).slice(0, 8), 16) % 10_000_000).toString().padStart(7, '0')}`;
  const sum = [...`80840${digits}`].reverse().reduce((total, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

const npiOf = (name: string) => ({ system: 'http://hl7.org/fhir/sid/us-npi', value: inventedNpi(name) });
const addressOf = (clinic: Clinic, line: string) => ({
  line: [line],
  city: clinic.city,
  state: clinic.state,
  postalCode: `${clinic.zip}01`,
  country: clinic.country,
});
const phone = (clinic: Clinic, last: string) => ({
  system: 'phone' as const,
  value: `+1 ${clinic.areaCode} 555 ${last}`,
  use: 'work' as const,
});

/** What the charts refer to: the clinic, the houses around it, the payers, the people who work there. */
export function clinicResources(clinic: Clinic): FhirResource[] {
  const organizations: Organization[] = [
    toOrganization(clinic, { key: 'clinic', name: clinic.name, type: 'prov', line: '12 Acorn Lane', last: '0300' }),
    ...Object.entries(PROVIDERS).map(([key, name], at) =>
      toOrganization(clinic, { key, name, type: 'prov', line: `${40 + at} Station Street`, last: `031${at}` }),
    ),
    ...Object.entries(PAYERS).map(([key, name], at) =>
      toOrganization(clinic, { key, name, type: 'pay', line: `${7 + at} Exchange Place`, last: `032${at}` }),
    ),
  ];
  const places = [
    toLocation(clinic, location(clinic), organization(clinic), '12 Acorn Lane', '0300'),
    toLocation(clinic, hospitalWard(clinic), provider(clinic, 'hospital'), '42 Station Street', '0312'),
  ];
  const endpoint: Endpoint = {
    resourceType: 'Endpoint',
    id: stableId(`${clinic.slug}/endpoint`),
    status: 'active',
    connectionType: {
      system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
      code: 'direct-project',
      display: 'Direct Project',
    },
    name: `Direct mail of ${clinic.name}`,
    managingOrganization: { reference: organization(clinic).reference ?? '' },
    payloadType: [{ text: 'Any document' }],
    address: `mailto:records@direct.${clinic.slug}.example`,
  };
  const staff = [...clinic.physicians, ...clinic.nurses];
  const resources: FhirResource[] = [
    ...organizations,
    ...places,
    endpoint,
    ...staff.map((member, at) => toPractitioner(clinic, member, at)),
    ...staff.map((member, at) => toRole(clinic, member, at)),
  ];
  return resources.map(withProfiles);
}

const toOrganization = (
  clinic: Clinic,
  { key, name, type, line, last }: { key: string; name: string; type: 'prov' | 'pay'; line: string; last: string },
): Organization => ({
  resourceType: 'Organization',
  id: organizationId(clinic, key),
  active: true,
  identifier: [npiOf(`${clinic.slug} ${name}`)],
  type: [
    {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/organization-type',
          code: type,
          display: type === 'prov' ? 'Healthcare Provider' : 'Payer',
        },
      ],
    },
  ],
  name,
  telecom: [phone(clinic, last)],
  address: [addressOf(clinic, line)],
});

const toLocation = (
  clinic: Clinic,
  reference: Reference,
  managingOrganization: Reference,
  line: string,
  last: string,
): Location => ({
  resourceType: 'Location',
  id: (reference.reference ?? '').replace('Location/', ''),
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/timezone', valueCode: clinic.timeZone }],
  status: 'active',
  name: reference.display ?? '',
  telecom: [phone(clinic, last)],
  address: addressOf(clinic, line),
  managingOrganization,
});

const toPractitioner = (clinic: Clinic, staff: StaffMember, at: number): Practitioner => ({
  resourceType: 'Practitioner',
  id: practitionerId(clinic, staff),
  active: true,
  identifier: [
    npiOf(`${staff.given} ${staff.family}`),
    { system: `https://tessera.example/${clinic.slug}/staff`, value: staff.key },
  ],
  name: [{ use: 'official', family: staff.family, given: [staff.given], ...(staff.prefix && { prefix: [staff.prefix] }) }],
  telecom: [phone(clinic, `033${at}`)],
  address: [addressOf(clinic, '12 Acorn Lane')],
  qualification: [{ code: { text: staff.qualification } }],
});

/** What they do in this clinic, and what they are trained in: NUCC taxonomy codes (nucc.org), which are free to use. */
const ROLES: Record<string, { role: string; specialty: string }> = {
  'Family medicine': { role: 'doctor', specialty: '207Q00000X' },
  'Internal medicine': { role: 'doctor', specialty: '207R00000X' },
  'Registered nurse': { role: 'nurse', specialty: '163W00000X' },
};

const toRole = (clinic: Clinic, staff: StaffMember, at: number): PractitionerRole => ({
  resourceType: 'PractitionerRole',
  id: stableId(`${clinic.slug}/role/${staff.key}`),
  active: true,
  practitioner: practitioner(clinic, staff),
  organization: organization(clinic),
  code: [
    {
      coding: [
        { system: 'http://terminology.hl7.org/CodeSystem/practitioner-role', code: ROLES[staff.qualification]?.role ?? 'doctor' },
      ],
      text: staff.qualification,
    },
  ],
  specialty: [
    {
      coding: [{ system: 'http://nucc.org/provider-taxonomy', code: ROLES[staff.qualification]?.specialty ?? '' }],
      text: staff.qualification,
    },
  ],
  location: [location(clinic)],
  telecom: [phone(clinic, `033${at}`)],
  endpoint: [{ reference: `Endpoint/${stableId(`${clinic.slug}/endpoint`)}` }],
});
