import { encodeBody } from '../../core/store/codec.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { benchCharts } from './charts.ts';
import { round } from './statistics.ts';

export type StoredBytes = { type: string; resources: number; jsonBytes: number; bodyBytes: number; ratio: string };

/** Average bytes of a type's resources as JSON, and of their bodies as they are stored. */
export function benchStoredBytes(): StoredBytes[] {
  const byType = new Map<string, { count: number; json: number; body: number }>();
  for (const resource of benchCharts().flatMap(({ resources }) => resources)) {
    const sum = byType.get(resource.resourceType) ?? { count: 0, json: 0, body: 0 };
    sum.count++;
    sum.json += Buffer.byteLength(JSON.stringify(resource));
    sum.body += encodeBody({ type: resource.resourceType, id: resource.id as FhirId, patient: patientOf(resource) }, resource, {
      method: 'POST',
      writeId: '0'.repeat(12),
    }).length;
    byType.set(resource.resourceType, sum);
  }
  return [...byType]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([type, { count, json, body }]) => ({
      type,
      resources: count,
      jsonBytes: round(json / count, 0),
      bodyBytes: round(body / count, 0),
      ratio: `${round(json / body)} : 1`,
    }));
}
