import type { FhirResource } from 'fhir/r4';
import { makeChart } from '../../local/demo/charts/make-chart.ts';
import { DEMO_CLINICS, type DemoClinic } from '../../local/demo/clinics.ts';
import { surroundingsOf } from '../../local/demo/starter-content.ts';

export interface DemoChart {
  readonly key: string;
  readonly clinic: DemoClinic;
  readonly resources: readonly FhirResource[];
}

/** Every chart of the demo clinics as of a day. */
export const demoCharts = (today: string): DemoChart[] =>
  DEMO_CLINICS.flatMap((clinic) =>
    clinic.patients.map((person) => ({ key: person.key, clinic, resources: makeChart(person, clinic, today) })),
  );

/** What they refer to: the clinics' places and people. */
export const demoSurroundings = (): FhirResource[] => DEMO_CLINICS.flatMap(surroundingsOf);

export const todayUtc = (): string => new Date().toISOString().slice(0, 10);
