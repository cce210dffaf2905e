import type { DemoFile } from '../identity/demo-file.ts';
import { type AccountParts, makeAccounts } from './accounts.ts';
import { invitePatients } from './invite-patients.ts';
import { loadBilling } from './load-billing.ts';
import { type ChartProgress, loadCharts } from './load-charts.ts';
import { loadScans } from './load-scans.ts';

export interface DemoParts extends AccountParts {
  readonly report?: (progress: ChartProgress) => void;
  /** Stops the loading of charts between two requests; the next start goes on from there. */
  readonly signal?: AbortSignal;
}

export interface Demo {
  /** Also in `<dataDir>/demo.json`. Everybody in it can sign in now. */
  readonly demo: DemoFile;
  /** Resolves when all charts are in; rejects when they cannot be, or when the signal says so. */
  readonly charts: Promise<void>;
}

/**
 * The demo clinics of the one-machine runtime: first who works there, then, while people sign in already, the charts. The front
 * door has to be open, since the charts come in through it. Harmless to repeat at every start.
 */
export async function loadDemo({ report, signal, ...parts }: DemoParts): Promise<Demo> {
  const demo = await makeAccounts(parts);
  const after = { dataDir: parts.dataDir, demo, ...(signal && { signal }) };
  const charts = loadCharts({ ...after, ...(report && { report }) })
    .then(() => invitePatients(after))
    .then(() => Promise.all([loadBilling(after), loadScans(after)]))
    .then(() => undefined);
  return { demo, charts };
}
