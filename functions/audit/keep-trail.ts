import type { IndexDeps } from '../../core/audit/index-days.ts';
import { indexDays } from '../../core/audit/index-days.ts';
import { errorLines, type Log } from '../../core/http/log.ts';
import type { Scope } from '../../core/scope.ts';
import type { Slug, TenantId } from '../../schemas/ids.ts';

export interface KeepDeps extends Omit<IndexDeps, 'mayGoOn'> {
  readonly tenants: AsyncIterable<{ readonly id: TenantId; readonly slug: Slug }>;
  readonly log: Log;
  readonly requestId: string;
  readonly remainingMs: () => number;
}

/** With less time than this left (ms) a run ends; the next one, an hour later, goes on. */
const STOP_EARLY_MS = 60_000;

/**
 * Indexes and seals the days of every clinic that are over. A clinic that fails keeps no other from its turn; it is tried again by the next
 * run. A broken chain is an alert in the log, and the run ends as failed so that an alarm goes off.
 */
export async function keepTrail(
  deps: KeepDeps,
): Promise<{ outcome: 'done' | 'unfinished' | 'failed'; note: Record<string, number> }> {
  const note = { tenants: 0, days: 0, failures: 0, breaks: 0 };
  const mayGoOn = () => deps.remainingMs() > STOP_EARLY_MS;
  for await (const { id: tenant, slug } of deps.tenants) {
    if (!mayGoOn()) return { outcome: 'unfinished', note };
    const scope: Scope = { tenant, slug, user: { id: 'system' }, roles: [], requestId: deps.requestId, fhirBase: '' };
    note.tenants += 1;
    try {
      const { days, breaks } = await indexDays({ ...deps, mayGoOn }, scope);
      note.days += days.length;
      note.breaks += breaks;
      if (breaks > 0) deps.log({ level: 'error', alert: 'audit-chain-broken', tenant, days: days.join(' '), breaks });
    } catch (error) {
      note.failures += 1;
      deps.log({ level: 'error', requestId: deps.requestId, tenant, ...errorLines(error) });
    }
  }
  return { outcome: note.failures + note.breaks > 0 ? 'failed' : 'done', note };
}
