import type { Coverage, HumanName, Patient } from 'fhir/r4';
import { atTime, yearsBetween } from './calendar.ts';
import type { Chart } from './chart.ts';
import { organization, PAYERS, payer } from './clinic.ts';

const STREETS = ['Maple Street', 'Canal Road', 'Orchard Avenue', 'Hilltop Drive', 'Station Street', 'Mill Lane'] as const;

/** The Patient and, where there is one, the Coverage. */
export function addDemographics(chart: Chart): void {
  const { person, clinic, birth, random, last } = chart;
  const own = random.branch('demographics');
  const number = person.key.replace(/\D/g, '').padStart(2, '0');
  chart.addPatient({
    resourceType: 'Patient',
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
      { system: 'phone', value: `+1 315 555 01${number}`, use: yearsBetween(birth, last) > 70 ? 'home' : 'mobile' },
      ...(yearsBetween(birth, last) >= 16
        ? [{ system: 'email' as const, value: `${person.key}@patients.example`, use: 'home' as const }]
        : []),
    ],
    gender: person.sex,
    birthDate: birth,
    ...(person.deceased && { deceasedDateTime: atTime(last, 6 * 60 + 40) }),
    address: [
      {
        use: 'home',
        line: [`${own.whole(1, 240)} ${own.pick(STREETS)}`],
        city: clinic.city,
        state: 'NY',
        postalCode: `13${own.whole(100, 299)}`,
        country: 'US',
      },
    ],
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: person.language }] }, preferred: true }],
    ...(yearsBetween(birth, last) < 18 && { contact: [guardianOf(chart)] }),
    generalPractitioner: [chart.doctor],
    managingOrganization: organization(clinic),
  } satisfies Omit<Patient, 'id'>);
  if (person.coverage !== 'none') chart.add(coverageOf(chart, person.coverage));
}

function namesOf({ person }: Chart): HumanName[] {
  const official: HumanName = { use: 'official', family: person.family, given: [...person.given] };
  if (!person.ownScript) return [official];
  return [official, { use: 'usual', family: person.ownScript.family, given: [person.ownScript.given] }];
}

const guardianOf = ({ person }: Chart): NonNullable<Patient['contact']>[number] => ({
  relationship: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0131', code: 'N', display: 'Next-of-Kin' }], text: 'Parent' },
  ],
  name: { family: person.family, given: ['Alex'] },
  telecom: [{ system: 'phone', value: `+1 315 555 02${person.key.replace(/\D/g, '').padStart(2, '0')}` }],
});

const coverageOf = (chart: Chart, key: keyof typeof PAYERS): Omit<Coverage, 'id'> => ({
  resourceType: 'Coverage',
  status: 'active',
  type: { text: PAYERS[key] },
  subscriberId: `M${chart.random.branch('member').whole(10_000_000, 99_999_999)}`,
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
      type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'plan' }] },
      value: key,
      name: PAYERS[key],
    },
  ],
});
