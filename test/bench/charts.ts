import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FhirResource } from 'fhir/r4';
import { rewriteReferences } from '../../functions/imports/references.ts';
import { entriesOf } from '../../functions/imports/source-file.ts';
import { makeChart } from '../../local/demo/charts/make-chart.ts';
import { DEMO_CLINICS } from '../../local/demo/clinics.ts';
import { sharedData } from '../support/shared-data.ts';

export interface BenchChart {
  readonly title: string;
  readonly resources: readonly FhirResource[];
}

/** The longest demo chart, and the longest Synthea chart where the sample data stands beside the project. */
export function benchCharts(): BenchChart[] {
  const demo =
    DEMO_CLINICS.flatMap((clinic) => clinic.patients.map((person) => makeChart(person, clinic, '2026-11-23'))).sort(
      (a, b) => b.length - a.length,
    )[0] ?? [];
  return [{ title: `demo, ${demo.length} records`, resources: demo }, ...syntheaChart()];
}

function syntheaChart(): BenchChart[] {
  const file = join(sharedData(), 'fhir', 'synthea', 'a-spezi-1e08cb3f.json.gz');
  if (!existsSync(file)) return [];
  const entries = entriesOf(readFileSync(file), { format: 'bundle', encoding: 'gzip' });
  const names = new Map(
    entries.map(({ fullUrl, resource }) => [
      fullUrl,
      `${(resource as FhirResource).resourceType}/${(resource as FhirResource).id}`,
    ]),
  );
  const resources = entries.map(
    ({ resource }) =>
      rewriteReferences(resource as FhirResource, { literal: (reference) => names.get(reference), conditional: () => undefined })
        .value,
  );
  return [{ title: `Synthea, ${resources.length} records`, resources }];
}
