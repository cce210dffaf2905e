import type { DocumentReference } from 'fhir/r4';
import type { Upload } from '../../core/scans/upload.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records, Write } from '../../core/store/types.ts';
import { taskId } from '../../core/tasks/build.ts';
import { openingWrites } from '../../core/tasks/open-task.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import { FhirId } from '../../schemas/ids.ts';
import { type DocumentWorkflows, rulesFor } from '../../schemas/settings/document-workflows.ts';
import { askedAnew, reviewKey, reviewsOf } from './moving.ts';

const HOUR_MS = 3_600_000;

/** The tasks that the clinic's rules ask for when a document is filed: one a pool, of several rules the one with the earliest deadline. */
export async function workAfter(
  records: Pick<Records, 'create' | 'read' | 'readMany' | 'update'>,
  scope: Scope,
  workflows: DocumentWorkflows,
  { source }: Pick<Upload, 'source'>,
  document: DocumentReference,
  now: Date,
): Promise<readonly Write[]> {
  const type = document.type?.coding?.[0]?.code ?? '';
  const rules = rulesFor(workflows, { type, source }).toSorted((one, other) => one.dueHours - other.dueHours);
  const byPool = new Map(rules.toReversed().map((rule) => [rule.pool, rule]));
  const reference = `DocumentReference/${document.id}`;
  const known = await reviewsOf(records, scope, FhirId.parse(document.id));
  const patient = patientOf(document);
  const writes = await Promise.all(
    [...byPool.values()].map(async ({ pool, dueHours, priority }): Promise<readonly Write[]> => {
      // It was filed before, elsewhere perhaps: whoever read it then did so for that patient.
      const before = known.find(({ id }) => id === taskId(scope.tenant, 'review-document', reviewKey(document.id ?? '', pool)));
      if (before && patient) return [{ kind: 'update', resource: askedAnew(before, patient, now) }];
      return openingWrites(
        records,
        scope,
        {
          kind: 'review-document',
          key: reviewKey(document.id ?? '', pool),
          pool,
          priority,
          due: new Date(now.getTime() + dueHours * HOUR_MS).toISOString(),
          focus: { reference },
          ...(document.subject && { for: document.subject }),
        },
        { now },
      );
    }),
  );
  return writes.flat();
}
