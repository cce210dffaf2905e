import type { DiagnosticReport, FhirResource, MedicationRequest, Patient } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { parseResource } from '../../../schemas/fhir/index.ts';
import { DEMO_CLINICS } from '../clinics.ts';
import { surroundingsOf } from '../starter-content.ts';
import { yearsBetween } from './calendar.ts';
import { makeChart } from './make-chart.ts';

const TODAY = '2026-11-23';
const clinics = DEMO_CLINICS.map((clinic) => ({
  clinic,
  shared: surroundingsOf(clinic),
  charts: new Map(clinic.patients.map((person) => [person.key, makeChart(person, clinic, TODAY)])),
}));
const charts = new Map(clinics.flatMap(({ charts: of }) => [...of]));
const everything = clinics.flatMap(({ shared, charts: of }) => [...shared, ...[...of.values()].flat()]);
const chart = (key: string): FhirResource[] => charts.get(key) ?? [];
const ofType = <T extends FhirResource['resourceType']>(resources: readonly FhirResource[], type: T) =>
  resources.filter((resource): resource is Extract<FhirResource, { resourceType: T }> => resource.resourceType === type);

const results = (key: string, loinc: string): number[] =>
  ofType(chart(key), 'Observation')
    .filter(({ code }) => code.coding?.some((coding) => coding.code === loinc))
    .sort((a, b) => ((a.effectiveDateTime ?? '') < (b.effectiveDateTime ?? '') ? -1 : 1))
    .map(({ valueQuantity }) => valueQuantity?.value ?? Number.NaN);

describe('the demo charts', () => {
  test('every resource is valid FHIR R4', () => {
    const refused = everything.flatMap((resource) => {
      const parsed = parseResource(resource);
      return 'issues' in parsed
        ? [`${resource.resourceType}: ${parsed.issues.map(({ expression, text }) => `${expression} ${text}`).join(' ')}`]
        : [];
    });
    expect(refused).toEqual([]);
  });

  test('each clinic begins with what any clinic that signs up begins with, at its own place', () => {
    for (const { shared } of clinics) {
      const types = new Set(shared.map(({ resourceType }) => resourceType));
      expect([...types]).toEqual(expect.arrayContaining(['HealthcareService', 'Questionnaire', 'ChargeItemDefinition']));
      const places = ofType(shared, 'HealthcareService').map(({ location }) => location?.[0]?.reference);
      const known = ofType(shared, 'Location').map(({ id }) => `Location/${id}`);
      expect(places.length).toBeGreaterThan(0);
      for (const place of places) expect(known).toContain(place);
    }
  });

  test('the same day makes the same charts, to the letter', () => {
    for (const { clinic } of clinics) {
      for (const person of clinic.patients) expect(makeChart(person, clinic, TODAY)).toEqual(chart(person.key));
    }
  });

  test('no id is given twice, and nothing in one clinic refers to the other', () => {
    const ids = everything.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(new Set(ids).size).toBe(ids.length);
    const missing: string[] = [];
    for (const { shared, charts: of } of clinics) {
      const known = new Set(shared.map(({ resourceType, id }) => `${resourceType}/${id}`));
      for (const resources of of.values()) {
        for (const resource of resources) {
          // In this order: what a resource refers to stands before it, so that the charts can be loaded piece by piece.
          for (const [, reference = ''] of JSON.stringify(resource).matchAll(/"reference":"([^"]+)"/g)) {
            if (!known.has(reference)) missing.push(`${resource.resourceType} → ${reference}`);
          }
          known.add(`${resource.resourceType}/${resource.id}`);
        }
      }
    }
    expect(missing).toEqual([]);
  });

  test('every chart is about one patient, and nothing in it lies in the future', () => {
    for (const resources of charts.values()) {
      const patient = `Patient/${ofType(resources, 'Patient')[0]?.id}`;
      for (const resource of resources) {
        const text = JSON.stringify(resource);
        for (const [, reference] of text.matchAll(/"reference":"(Patient\/[^"]+)"/g)) expect(reference).toBe(patient);
        for (const [, day = ''] of text.matchAll(
          /"(?:effectiveDateTime|recordedDate|authoredOn|occurrenceDateTime|performedDateTime|date)":"(\d{4}-\d\d-\d\d)/g,
        )) {
          expect(day <= TODAY, `${resource.resourceType} of ${day}`).toBe(true);
        }
      }
    }
  });

  test('a small clinic and a larger one, long charts and short ones, from newborn to 95', () => {
    expect(clinics.map(({ charts: of }) => of.size)).toEqual([30, 10]);
    const sizes = [...charts.values()].map(({ length }) => length).sort((a, b) => a - b);
    expect(sizes[0]).toBeLessThan(30);
    expect(sizes.at(-1)).toBeGreaterThanOrEqual(1_500);
    const ages = ofType(everything, 'Patient').map(({ birthDate = '' }) => yearsBetween(birthDate, TODAY));
    expect(Math.min(...ages)).toBeLessThan(28 / 365);
    expect(Math.floor(Math.max(...ages))).toBe(95);
  });

  test('all three answers about allergies occur: some, none known, not asked', () => {
    const answers = [...charts.values()].map((resources) => {
      const allergies = ofType(resources, 'AllergyIntolerance');
      if (allergies.length === 0) return 'not asked';
      return allergies.some(({ code }) => code?.coding?.some(({ code: found }) => found === '716186003')) ? 'none known' : 'some';
    });
    expect(new Set(answers)).toEqual(new Set(['some', 'none known', 'not asked']));
  });

  test('nobody has an order for what they are allergic to', () => {
    for (const resources of charts.values()) {
      const allergic = new Set(
        ofType(resources, 'AllergyIntolerance').flatMap(({ code }) => code?.coding?.map(({ code: found }) => found) ?? []),
      );
      if (allergic.has('7984')) allergic.add('723'); // penicillin V means amoxicillin too
      for (const { medicationCodeableConcept } of ofType(resources, 'MedicationRequest') satisfies MedicationRequest[]) {
        expect(allergic).not.toContain(medicationCodeableConcept?.coding?.[0]?.code);
      }
    }
  });

  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  describe('a course shows in the numbers: its first results against those of the end', () => {
    test.each([
      { what: 'A1c falls when metformin begins', key: 'oak-13', loinc: '4548-4', first: 1, last: 8, by: -0.8 },
      { what: 'TSH falls under levothyroxine', key: 'oak-06', loinc: '3016-3', first: 1, last: 3, by: -4 },
      { what: 'PHQ-9 falls under sertraline', key: 'oak-10', loinc: '44261-6', first: 3, last: 6, by: -3 },
      { what: 'GAD-7 falls with the mood', key: 'oak-10', loinc: '70274-6', first: 2, last: 4, by: -3 },
      { what: 'filtration is lost over three stages', key: 'oak-27', loinc: '98979-8', first: 3, last: 3, by: -25 },
      { what: 'creatinine rises as it is lost', key: 'oak-23', loinc: '2160-0', first: 3, last: 3, by: 0.8 },
      { what: 'hemoglobin falls with it', key: 'oak-23', loinc: '718-7', first: 2, last: 2, by: -1 },
      { what: 'NT-proBNP falls as carvedilol is raised', key: 'oak-17', loinc: '33762-6', first: 1, last: 3, by: -800 },
      { what: 'the ejection fraction rises', key: 'oak-17', loinc: '10230-1', first: 1, last: 2, by: 3 },
      { what: 'CEA falls when the tumor is out', key: 'oak-28', loinc: '2039-6', first: 2, last: 4, by: -4 },
      { what: 'LDL falls under atorvastatin', key: 'oak-hill-05', loinc: '13457-7', first: 1, last: 3, by: -20 },
      { what: 'a child grows', key: 'oak-hill-09', loinc: '29463-7', first: 1, last: 1, by: 4 },
      { what: 'so does the head', key: 'oak-hill-09', loinc: '9843-4', first: 1, last: 1, by: 5 },
      { what: 'jaundice fades', key: 'oak-03', loinc: '1975-2', first: 1, last: 1, by: -0.1 },
    ])('$what', ({ key, loinc, first, last, by }) => {
      const values = results(key, loinc);
      expect(values.length).toBeGreaterThan(1);
      const moved = mean(values.slice(-last)) - mean(values.slice(0, first));
      if (by < 0) expect(moved).toBeLessThan(by);
      else expect(moved).toBeGreaterThan(by);
    });

    test('blood pressure falls from the visit at which the first tablet is prescribed to the last ones', () => {
      const systolic = ofType(chart('oak-18'), 'Observation')
        .filter(({ code }) => code.coding?.[0]?.code === '85354-9')
        .map(({ component }) => component?.[0]?.valueQuantity?.value ?? 0);
      expect(Math.max(...systolic) - mean(systolic.slice(-5))).toBeGreaterThan(20);
    });
  });

  test('a result’s flag says where it stands to its range, and every report names its results', () => {
    for (const { interpretation, referenceRange, valueQuantity } of ofType(everything, 'Observation')) {
      const [range] = referenceRange ?? [];
      const value = valueQuantity?.value;
      if (!range || value === undefined) continue;
      const flag = interpretation?.[0]?.coding?.[0]?.code ?? '';
      const stands =
        range.high?.value !== undefined && value > range.high.value
          ? 'H'
          : range.low?.value !== undefined && value < range.low.value
            ? 'L'
            : 'N';
      expect(flag[0]).toBe(stands);
    }
    for (const { result, presentedForm } of ofType(everything, 'DiagnosticReport') satisfies DiagnosticReport[])
      expect((result?.length ?? 0) + (presentedForm?.length ?? 0)).toBeGreaterThan(0);
  });

  test('the two clinics each have a Daniel Okafor, with another chart', () => {
    const namesakes = ofType(everything, 'Patient').filter(({ name }: Patient) => name?.[0]?.family === 'Okafor');
    expect(namesakes).toHaveLength(2);
    expect(new Set(namesakes.map(({ id }) => id)).size).toBe(2);
  });
});
