import type { CardDeps } from '../../core/billing/card-payments.ts';
import { missingCharges, reconcile } from '../../core/billing/reconcile.ts';
import { errorLines, type Log } from '../../core/http/log.ts';
import type { Run } from '../../core/operations/runs.ts';
import { systemScope } from '../../core/scope.ts';
import type { Table } from '../../core/store/table.ts';
import type { Slug, TenantId } from '../../schemas/ids.ts';

export interface NightDeps extends CardDeps {
  readonly tenants: AsyncIterable<{ readonly id: TenantId; readonly slug: Slug }>;
  readonly table: (tenant: TenantId) => Table;
  readonly log: Log;
  readonly requestId: string;
  readonly remainingMs: () => number;
}

/** Left for the row that says how the run went. */
const LAST_MS = 6_000;

/**
 * Every clinic once a night: finished visits without a charge are found, and the ledger is held against the processor's books. The run comes
 * several times a night: the first that finds time does the work, the others go on with it or find it done. One clinic that fails holds
 * up no other, and is tried again by the next run.
 */
export async function nightly(deps: NightDeps, last: Run | undefined): Promise<Pick<Run, 'outcome' | 'note'>> {
  const night = deps.now().toISOString().slice(0, 10);
  const goesOn = last?.note.night === night;
  if (goesOn && last.outcome === 'done') return { outcome: 'done', note: last.note };
  const after = goesOn ? String(last.note.after ?? '') : '';
  let at = after;
  let [clinics, differences, visits, failed] = [0, 0, 0, 0];
  const note = () => ({ night, after: at, clinics, differences, visits, failed });
  for await (const { id, slug } of deps.tenants) {
    if (slug <= after) continue;
    if (deps.remainingMs() < LAST_MS) return { outcome: 'unfinished', note: note() };
    const scope = systemScope(id, deps.requestId, slug);
    try {
      visits += await missingCharges(deps, scope, deps.table(id));
      differences += (await reconcile(deps, scope)).differences.length;
      clinics += 1;
    } catch (error) {
      failed += 1;
      deps.log({ level: 'error', event: 'billing-night', tenant: id, ...errorLines(error) });
    }
    at = slug;
  }
  return { outcome: failed > 0 ? 'failed' : 'done', note: { ...note(), after: failed > 0 ? '' : at } };
}
