import type { Encounter, Observation } from 'fhir/r4';
import { expect, test } from 'vitest';
import type { ChartQuery, RecordPage } from '../../core/store/types.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { scopeOf } from '../../test/support/records.ts';
import { vitalsOf } from './vitals-of.ts';

const visit: Encounter & { id: string } = {
  resourceType: 'Encounter',
  id: 'visit',
  status: 'in-progress',
  class: {},
  period: { start: '2026-11-27T01:00:00+09:00' },
};
const measured = (n: number, encounter: string): Observation & { id: string } => ({
  resourceType: 'Observation',
  id: `o${n}`,
  status: 'final',
  category: [{ coding: [{ code: 'vital-signs' }] }],
  code: { text: 'Heart rate' },
  encounter: { reference: `Encounter/${encounter}` },
});

test('on a day with hundreds of results of others the visit’s own are found behind them, from before its begin on whatever clock', async () => {
  const all = [...Array.from({ length: 450 }, (_, n) => measured(n, 'laboratory')), measured(450, 'visit')];
  const asked: ChartQuery[] = [];
  const chart = async (_scope: unknown, _patient: FhirId, query: ChartQuery): Promise<RecordPage> => {
    asked.push(query);
    const from = Number(query.cursor ?? 0);
    const next = from + query.count;
    return { items: all.slice(from, next) as never, cursorAfter: () => '', ...(next < all.length && { cursor: String(next) }) };
  };
  const found = await vitalsOf({ records: { chart } as never }, scopeOf('oak' as never), 'p' as FhirId, visit);
  expect(found.map(({ id }) => id)).toEqual(['o450']);
  expect(asked[0]?.fromTime).toBe('2026-11-25');
});
