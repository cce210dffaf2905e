import type { DiagnosticReport, FhirResource, MedicationRequest, Patient } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { parseResource } from '../../../schemas/fhir/index.ts';
import { DEMO_CLINICS } from '../clinics.ts';
import { yearsBetween } from './calendar.ts';
import { clinicResources } from './clinic.ts';
import { makeChart } from './make-chart.ts';

const TODAY = '2026-11-23';
const clinics = DEMO_CLINICS.map((clinic) => ({
  clinic,
  shared: clinicResources(clinic),
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

  test('a treated problem gets better: A1c, LDL and TSH fall after the medicine begins', () => {
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const a1c = results('oak-13', '4548-4');
    expect(a1c[0]).toBeGreaterThan(mean(a1c.slice(2)) + 0.3);
    const untreatedTsh = results('oak-06', '3016-3');
    expect(Math.max(...untreatedTsh.slice(1))).toBeLessThan(6);
  });

  test('kidneys that fail show it: creatinine rises over the years and the filtration rate falls', () => {
    const creatinine = results('oak-23', '2160-0');
    const filtration = results('oak-23', '98979-8');
    expect(creatinine.at(-1)).toBeGreaterThan((creatinine[0] ?? 0) + 0.1);
    expect(filtration.at(-1)).toBeLessThan(filtration[0] ?? 0);
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
