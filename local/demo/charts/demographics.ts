import type { Coverage, Extension, HumanName, Patient, RelatedPerson } from 'fhir/r4';
import { addDays, addYears, type Day, yearsBetween } from './calendar.ts';
import type { Person } from './cast.ts';
import type { Chart } from './chart.ts';
import { organization, PAYERS, payer } from './clinic.ts';

const STREETS = ['Maple Street', 'Canal Road', 'Orchard Avenue', 'Hilltop Drive', 'Station Street', 'Mill Lane'] as const;

/** The Patient, who is close to them where somebody is, and the Coverage where there is one. */
export function addDemographics(chart: Chart): void {
  const { person, clinic, birth, random, last } = chart;
  const own = random.branch('demographics');
  const number = numberOf(person);
  chart.addPatient({
    resourceType: 'Patient',
    extension: extensionsOf(person),
    active: !person.deceased,
    identifier: [
      {
        use: 'usual',
        type: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR', display: 'Medical record number' }],
          text: 'Medical record number',
        },
        system: `https://tessera.example/${clinic.slug}/mrn`,
        value: `${clinic.slug === 'oak' ? 'OFP' : 'OHC'}-${10_000 + Number(number) * 137}`,
      },
    ],
    name: namesOf(chart),
    telecom: [
      {
        system: 'phone',
        value: `+1 ${clinic.areaCode} 555 01${number}`,
        use: yearsBetween(birth, last) > 70 ? 'home' : 'mobile',
      },
      ...(yearsBetween(birth, last) >= 16
        ? [{ system: 'email' as const, value: `${person.key}@patients.example`, use: 'home' as const }]
        : []),
    ],
    gender: person.sex,
    birthDate: birth,
    ...(person.deceased && { deceasedDateTime: chart.at(last, 6 * 60 + 40) }),
    address: [
      {
        use: 'home',
        line: [`${own.whole(1, 240)} ${own.pick(STREETS)}`],
        city: clinic.city,
        state: clinic.state,
        postalCode: `${clinic.zip}${own.whole(10, 89)}`,
        country: clinic.country,
        period: { start: addYears(last, -Math.min(6, yearsBetween(birth, last))) },
      },
      ...(person.movedYearsAgo === undefined ? [] : [oldAddress(chart, addYears(last, -person.movedYearsAgo))]),
    ],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: person.language }] }, preferred: true }],
    ...(yearsBetween(birth, last) < 18 && { contact: [guardianOf(chart)] }),
    generalPractitioner: [chart.doctor],
    managingOrganization: organization(clinic),
  } satisfies Omit<Patient, 'id'>);
  const relative = relativeOf(chart);
  if (relative) chart.add(relative);
  if (person.coverage !== 'none') chart.add(coverageOf(chart, person.coverage));
}

const oldAddress = ({ clinic, birth }: Chart, until: Day): NonNullable<Patient['address']>[number] => ({
  use: 'old',
  line: ['3 Harbor View', 'Apartment 2'],
  city: clinic.city,
  state: clinic.state,
  postalCode: `${clinic.zip}02`,
  country: clinic.country,
  period: { start: birth, end: until },
});

const CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
/** The categories of the Office of Management and Budget, 1997 (CDC Race and Ethnicity, urn:oid:2.16.840.1.113883.6.238). */
const RACES = {
  white: { code: '2106-3', display: 'White' },
  black: { code: '2054-5', display: 'Black or African American' },
  asian: { code: '2028-9', display: 'Asian' },
  native: { code: '1002-5', display: 'American Indian or Alaska Native' },
} as const;
export type RaceKey = keyof typeof RACES;
const ETHNICITIES = {
  hispanic: { code: '2135-2', display: 'Hispanic or Latino' },
  other: { code: '2186-5', display: 'Not Hispanic or Latino' },
} as const;
const OMB = 'urn:oid:2.16.840.1.113883.6.238';
const SEXES = { female: ['F', '248152002'], male: ['M', '248153007'] } as const;

function extensionsOf({ races = ['white'], hispanic, sex, recordedSex, tribe, genderIdentity }: Person): Extension[] {
  const birthSex = recordedSex ?? (sex === 'other' ? undefined : sex);
  const ethnicity = ETHNICITIES[hispanic ? 'hispanic' : 'other'];
  return [
    {
      url: `${CORE}/us-core-race`,
      extension: [
        ...races.map((race) => ({ url: 'ombCategory', valueCoding: { system: OMB, ...RACES[race] } })),
        ...(tribe ? [{ url: 'detailed', valueCoding: { system: OMB, code: '1735-0', display: 'Alaska Native' } }] : []),
        { url: 'text', valueString: races.map((race) => RACES[race].display).join(', ') },
      ],
    },
    {
      url: `${CORE}/us-core-ethnicity`,
      extension: [
        { url: 'ombCategory', valueCoding: { system: OMB, ...ethnicity } },
        ...(tribe ? [{ url: 'detailed', valueCoding: { system: OMB, code: '2148-5', display: 'Mexican' } }] : []),
        { url: 'text', valueString: ethnicity.display },
      ],
    },
    ...(birthSex
      ? [
          { url: `${CORE}/us-core-birthsex`, valueCode: SEXES[birthSex][0] },
          { url: `${CORE}/us-core-sex`, valueCode: SEXES[birthSex][1] },
        ]
      : []),
    ...(genderIdentity
      ? [
          {
            url: `${CORE}/us-core-genderIdentity`,
            valueCodeableConcept: {
              coding: [{ system: 'http://snomed.info/sct', code: genderIdentity.code }],
              text: genderIdentity.text,
            },
          },
        ]
      : []),
    ...(tribe
      ? [
          {
            url: `${CORE}/us-core-tribal-affiliation`,
            extension: [
              { url: 'tribalAffiliation', valueCodeableConcept: { text: tribe } },
              { url: 'isEnrolled', valueBoolean: true },
            ],
          },
        ]
      : []),
  ];
}

/** A parent of a child; a daughter or son of somebody very old; whoever the cast names. */
function relativeOf(chart: Chart): Omit<RelatedPerson, 'id'> | undefined {
  const { person, clinic, body, last } = chart;
  const age = body.ageOn(last);
  if (age >= 18 && age < 85 && !person.tribe) return undefined;
  const child = age < 18;
  return {
    resourceType: 'RelatedPerson',
    active: true,
    patient: chart.patient,
    relationship: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
            code: child ? 'PRN' : 'CHILD',
            display: child ? 'parent' : 'child',
          },
        ],
        text: child ? 'Parent' : 'Daughter',
      },
    ],
    name: [{ family: person.family, given: [child ? 'Alex' : 'Joan'] }],
    telecom: [{ system: 'phone', value: `+1 ${clinic.areaCode} 555 02${numberOf(person)}`, use: 'mobile' }],
    address: [
      {
        line: ['20 Maple Street'],
        city: clinic.city,
        state: clinic.state,
        postalCode: `${clinic.zip}01`,
        country: clinic.country,
      },
    ],
  };
}

const numberOf = ({ key }: Person): string => key.replace(/\D/g, '').padStart(2, '0');

function namesOf({ person, birth }: Chart): HumanName[] {
  const official: HumanName = { use: 'official', family: person.family, given: [...person.given] };
  return [
    official,
    ...(person.ownScript ? [{ use: 'usual' as const, family: person.ownScript.family, given: [person.ownScript.given] }] : []),
    ...(person.formerName
      ? [
          {
            use: 'old' as const,
            family: person.formerName,
            given: [...person.given],
            ...(person.suffix && { suffix: [person.suffix] }),
            period: { end: addDays(birth, 9_900) },
          },
        ]
      : []),
  ];
}

const guardianOf = ({ person, clinic }: Chart): NonNullable<Patient['contact']>[number] => ({
  relationship: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'N', display: 'Next-of-Kin' }], text: 'Parent' },
  ],
  name: { family: person.family, given: ['Alex'] },
  telecom: [{ system: 'phone', value: `+1 ${clinic.areaCode} 555 02${numberOf(person)}` }],
});

const memberOf = (chart: Chart): string => `M${chart.random.branch('member').whole(10_000_000, 99_999_999)}`;

const coverageOf = (chart: Chart, key: keyof typeof PAYERS): Omit<Coverage, 'id'> => ({
  resourceType: 'Coverage',
  status: 'active',
  type: { text: PAYERS[key] },
  identifier: [
    {
      type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MB', display: 'Member Number' }] },
      system: `https://tessera.example/payer/${key}/member`,
      value: memberOf(chart),
    },
  ],
  subscriberId: memberOf(chart),
  beneficiary: chart.patient,
  relationship: {
    coding: [
      {
        system: 'http://terminology.hl7.org/CodeSystem/subscriber-relationship',
        code: chart.body.ageOn(chart.today) < 18 ? 'child' : 'self',
      },
    ],
  },
  period: { start: chart.since },
  payor: [payer(chart.clinic, key)],
  class: [
    {
      type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'group' }] },
      value: `G-${chart.random.branch('group').whole(1_000, 9_999)}`,
      name: 'Group of the employer or state',
    },
    {
      type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'plan' }] },
      value: key,
      name: PAYERS[key],
    },
  ],
});
