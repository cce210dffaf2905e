import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bundle } from 'fhir/r4';
import { signIn } from '../../local/identity/sign-in.ts';
import { demoCharts, todayUtc } from '../support/demo-charts.ts';
import { startStack } from '../support/stack.ts';

export type MoveInFigures = { bytes: number; entries: number; importMs: number; searches: number; slowestSearchMs: number };

/** The longest chart of the demo comes into the other clinic as its administrator brings it, while a colleague looks for patients. */
export async function benchMoveIn(): Promise<MoveInFigures[]> {
  const [chart] = demoCharts(todayUtc()).sort((one, other) => other.resources.length - one.resources.length);
  const entry = (chart?.resources ?? []).map((resource) => ({ resource }));
  const text = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry } satisfies Bundle);
  const folder = mkdtempSync(join(tmpdir(), 'tessera-movein-'));
  const file = join(folder, 'chart.json');
  writeFileSync(file, text);
  const stack = await startStack({ charts: 'none' });
  try {
    const { accessToken } = await signIn({ url: stack.url, user: stack.user('oak-hill', 'physician') });
    const headers = { authorization: `Bearer ${accessToken}` };
    const search = async (): Promise<number> => {
      const beganMs = performance.now();
      await (await fetch(`${stack.url}/api/oak-hill/fhir/R4/Patient?name=a`, { headers })).arrayBuffer();
      return performance.now() - beganMs;
    };
    await search(); // opens the function
    const beganMs = performance.now();
    let isDone = false;
    const moved = promisify(execFile)(process.execPath, ['local/import.ts', '--tenant', 'oak-hill', file], {
      env: { ...process.env, TESSERA_DATA: stack.dataDir },
    }).finally(() => {
      isDone = true;
    });
    const searches: number[] = [];
    while (!isDone) {
      searches.push(await search());
      await Promise.race([moved, new Promise((next) => setTimeout(next, 500))]);
    }
    await moved;
    return [
      {
        bytes: text.length,
        entries: entry.length,
        importMs: Math.round(performance.now() - beganMs),
        searches: searches.length,
        slowestSearchMs: Math.round(Math.max(...searches)),
      },
    ];
  } finally {
    await stack.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
