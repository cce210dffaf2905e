import type { AllergyIntolerance, FhirResource, Observation } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import type { RuleContext } from '../../../core/rules.ts';
import type { Stored } from '../../../core/store/types.ts';
import { FhirId } from '../../../schemas/ids.ts';
import { anyScope } from '../../../test/support/scope.ts';
import { impossibleVitals } from './impossible-vitals.ts';
import { noKnownAllergies } from './no-known-allergies.ts';
import { patientWithChart } from './patient-with-chart.ts';

/** A chart in memory: what stands in it, whatever is asked. */
const contextOf = (chart: readonly FhirResource[], alongside: readonly FhirResource[] = []): RuleContext => ({
  scope: anyScope(),
  alongside,
  records: {
    chart: async (_scope, _patient, { compartment, count }) => ({
      items: compartment === 'admin' ? [] : (chart.slice(0, count) as Stored[]),
      cursorAfter: () => '',
    }),
    readMany: async () => [],
  },
});

type Category = NonNullable<AllergyIntolerance['category']>[number];
interface AllergySpec {
  id?: string;
  code?: string;
  category?: Category;
  clinical?: string;
  verification?: string;
  patient?: string;
}
const allergy = ({
  id = 'a1',
  code = '91935009',
  category,
  clinical = 'active',
  verification,
  patient = 'p1',
}: AllergySpec): AllergyIntolerance => ({
  resourceType: 'AllergyIntolerance',
  id,
  patient: { reference: `Patient/${patient}` },
  code: { coding: [{ system: 'http://snomed.info/sct', code }] },
  clinicalStatus: { coding: [{ code: clinical }] },
  ...(verification && { verificationStatus: { coding: [{ code: verification }] } }),
  ...(category && { category: [category] }),
});
const NONE = '716186003';
const NO_DRUG = '409137002';

describe('no known allergies', () => {
  const cases: { title: string; chart: AllergySpec[]; written: AllergySpec; refused: boolean }[] = [
    { title: 'beside an active allergy', chart: [{}], written: { id: 'n', code: NONE }, refused: true },
    { title: 'when the statement came first', chart: [{ id: 'n', code: NONE }], written: {}, refused: true },
    { title: 'beside a resolved allergy', chart: [{ clinical: 'resolved' }], written: { id: 'n', code: NONE }, refused: false },
    {
      title: 'beside one entered in error',
      chart: [{ verification: 'entered-in-error' }],
      written: { id: 'n', code: NONE },
      refused: false,
    },
    {
      title: 'that is itself entered in error',
      chart: [{}],
      written: { id: 'n', code: NONE, verification: 'entered-in-error' },
      refused: false,
    },
    {
      title: 'about drugs, beside a drug allergy',
      chart: [{ category: 'medication' }],
      written: { id: 'n', code: NO_DRUG },
      refused: true,
    },
    {
      title: 'about drugs, beside a food allergy',
      chart: [{ category: 'food' }],
      written: { id: 'n', code: NO_DRUG },
      refused: false,
    },
    {
      title: 'beside another statement of absence',
      chart: [{ id: 'n1', code: NONE }],
      written: { id: 'n2', code: NO_DRUG },
      refused: false,
    },
    { title: 'as a correction of the allergy itself', chart: [{ id: 'a1' }], written: { id: 'a1', code: NONE }, refused: false },
  ];
  test.each(cases)('$title: refused $refused', async ({ chart, written, refused }) => {
    const issues = await noKnownAllergies(allergy(written), contextOf(chart.map(allergy)));
    expect(issues.length > 0).toBe(refused);
  });

  test('is refused in one transaction with an allergy, and allowed with that allergy’s own end', async () => {
    const statement = allergy({ id: 'n', code: NONE });
    expect(await noKnownAllergies(statement, contextOf([], [allergy({}), statement]))).toHaveLength(1);
    expect(await noKnownAllergies(statement, contextOf([allergy({})], [allergy({ clinical: 'resolved' }), statement]))).toEqual(
      [],
    );
  });

  test('says nothing about another patient of the same transaction', async () => {
    const statement = allergy({ id: 'n', code: NONE });
    expect(await noKnownAllergies(statement, contextOf([], [allergy({ patient: 'p2' })]))).toEqual([]);
  });
});

const vital = (loinc: string, value: number, code = 'Cel', system = 'http://unitsofmeasure.org'): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: loinc }] },
  valueQuantity: { value, code, system },
});

describe('impossible vital signs', () => {
  test.each([
    { title: '37.2 Cel', observation: vital('8310-5', 37.2), refused: false },
    { title: '98.6 Cel: degrees Fahrenheit by mistake', observation: vital('8310-5', 98.6), refused: true },
    { title: '98.6 degF', observation: vital('8310-5', 98.6, '[degF]'), refused: false },
    { title: 'a temperature in kilograms', observation: vital('8310-5', 37, 'kg'), refused: true },
    { title: 'a newborn of 3.2 kg', observation: vital('29463-7', 3.2, 'kg'), refused: false },
    { title: '7200 kg', observation: vital('29463-7', 7_200, 'kg'), refused: true },
    { title: 'a cardiac arrest', observation: vital('8867-4', 0, '/min'), refused: false },
    { title: 'a saturation of 101 %', observation: vital('2708-6', 101, '%'), refused: true },
    { title: 'a unit as text', observation: vital('8310-5', 98.6, 'Fahrenheit', 'http://clinic.test/units'), refused: false },
    { title: 'a code that is no vital sign', observation: vital('2339-0', 5_000, 'mg/dL'), refused: false },
    {
      title: 'what was entered in error',
      observation: { ...vital('8310-5', 98.6), status: 'entered-in-error' as const },
      refused: false,
    },
  ])('$title: refused $refused', async ({ observation, refused }) => {
    expect((await impossibleVitals(observation, contextOf([]))).length > 0).toBe(refused);
  });

  test('a component is named by its place', async () => {
    const pressure: Observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'Blood pressure' },
      component: [vital('8480-6', 120, 'mm[Hg]'), vital('8462-4', 800, 'mm[Hg]')],
    };
    expect(await impossibleVitals(pressure, contextOf([]))).toMatchObject([{ path: 'Observation.component[1].valueQuantity' }]);
  });
});

describe('deleting a patient', () => {
  const patient: FhirResource = { resourceType: 'Patient', id: 'p1' };
  test.each([
    { title: 'whose chart is empty is allowed', chart: [patient], refused: false },
    { title: 'who has a record is refused', chart: [allergy({}), patient], refused: true },
  ])('$title', async ({ chart, refused }) => {
    expect((await patientWithChart(FhirId.parse('p1'), contextOf(chart))).length > 0).toBe(refused);
  });
});
