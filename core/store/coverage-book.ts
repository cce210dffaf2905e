import type { Coverage, FhirResource } from 'fhir/r4';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { claimsNoMore, overlap, overlapWith } from '../billing/coverage-days.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { chart } from './chart.ts';
import type { StoreContext } from './context.ts';
import { keyItem, numberOf } from './item.ts';
import { keys } from './keys.ts';
import type { Step } from './plan.ts';
import type { Table } from './table.ts';

/**
 * One row a patient that counts the writings by which a coverage claims days. It is written in the transaction that writes the Coverage,
 * by whatever way it comes, on condition that it is the one that was read before the chart was.
 * Invariant: of two that claim a day at one moment both read revision n, one writes n+1, and the other looks again and finds the day taken.
 */
export interface CoverageChange {
  readonly id: FhirId;
  readonly before: FhirResource | undefined;
  readonly after: FhirResource | undefined;
}

/** @throws Problem rule-broken with what holds those days already */
export async function coverageSteps(
  context: StoreContext,
  scope: Scope,
  table: Table,
  changes: readonly CoverageChange[],
): Promise<Step[]> {
  const claiming = changes.flatMap(({ id, before, after }) => {
    const patient = after && patientOf(after);
    return patient && !claimsNoMore(before as Coverage | undefined, after as Coverage)
      ? [{ id, patient, coverage: after as Coverage }]
      : [];
  });
  const steps: Step[] = [];
  for (const [patient, claims] of Map.groupBy(claiming, (claim) => claim.patient)) {
    const row = await table.get(keys.coverages(scope.tenant, patient));
    const kept = await allCoverages(context, scope, patient);
    const written = new Map(changes.map(({ id, after }) => [id as string, after as Coverage | undefined]));
    const standing = [
      ...kept.filter(({ id }) => !written.has(id ?? '')),
      ...[...written].flatMap(([id, after]) => (after && patientOf(after) === patient ? [{ ...after, id }] : [])),
    ];
    for (const { id, coverage } of claims) {
      const other = standing.find((beside) => beside.id !== id && overlap(coverage, beside));
      if (other) throw new Problem('rule-broken', [overlapWith(other)]);
    }
    steps.push(revisionStep(table, scope, patient, row ? numberOf(row, 'n') : 0));
  }
  return steps;
}

async function allCoverages(context: StoreContext, scope: Scope, patient: FhirId): Promise<Coverage[]> {
  const found: FhirResource[] = [];
  let cursor: string | undefined;
  do {
    const page = await chart(context, scope, patient, { types: 'Coverage', count: 200, ...(cursor && { cursor }) });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found as Coverage[];
}

function revisionStep(table: Table, { tenant }: Scope, patient: FhirId, revision: number): Step {
  const condition =
    revision === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#revision = :read',
          ExpressionAttributeNames: { '#revision': 'n' },
          ExpressionAttributeValues: { ':read': { N: String(revision) } },
        };
  const Item = { ...keyItem(keys.coverages(tenant, patient)), n: { N: String(revision + 1) } };
  return { guards: 'coverage-book', item: { Put: { TableName: table.name, Item, ...condition } } };
}
