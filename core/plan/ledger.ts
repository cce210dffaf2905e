import type { TenantId } from '../../schemas/ids.ts';
import { LEDGER_LINES, type LedgerCounts } from '../../schemas/usage.ts';
import { stringOf } from '../store/item.ts';
import { usagePk } from '../store/keys.ts';
import type { Table } from '../store/table.ts';

/** A row a month: eighty years of them. */
const MOST = 1_000;

/** What a clinic has used, by month (yyyy-mm, UTC). One Query. */
export async function readLedger(table: Table, tenant: TenantId): Promise<ReadonlyMap<string, LedgerCounts>> {
  const { items } = await table.query(usagePk(tenant), { from: '0', to: ':' }, { order: 'ascending', limit: MOST });
  return new Map(
    items.map((item) => [
      stringOf(item, 'sk'),
      Object.fromEntries(LEDGER_LINES.map((line) => [line, Number(item[line]?.N ?? 0)])) as LedgerCounts,
    ]),
  );
}
