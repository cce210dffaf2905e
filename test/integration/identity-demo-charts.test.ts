import { mkdtempSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Bundle } from 'fhir/r4';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_CLINICS } from '../../local/demo/clinics.ts';
import { type ChartProgress, loadCharts } from '../../local/demo/load-charts.ts';
import type { DemoFile } from '../../local/identity/demo-file.ts';
import { addStaff, type RunningIdentity, startIdentity } from '../support/identity.ts';

/** What an API did with the pieces it was sent. It answers as told, and 200 when nothing is left to tell. */
class Api {
  readonly taken: { slug: string; names: string[]; sub: string | undefined }[] = [];
  readonly answers: number[] = [];
  afterPiece: () => void = () => {};

  readonly handle = async (
    req: IncomingMessage,
    res: ServerResponse,
    { staff }: Pick<RunningIdentity, 'staff'>,
  ): Promise<void> => {
    if (req.url === '/api/platform/config') return void res.end(JSON.stringify({ staff }));
    const bundle = (await json(req)) as Bundle;
    const status = this.answers.shift() ?? 200;
    if (status === 200) {
      const names = bundle.entry?.map(({ request }) => `${request?.method} ${request?.url}`) ?? [];
      const slug = /^\/api\/([^/]+)\/fhir\/R4$/.exec(req.url ?? '')?.[1] ?? '';
      this.taken.push({ slug, names, sub: decodeJwt((req.headers.authorization ?? '').replace('Bearer ', '')).sub });
      this.afterPiece();
    }
    res.writeHead(status).end('{}');
  };
}

describe('loading the demo charts', () => {
  let api: Api;
  let running: RunningIdentity;
  let demo: DemoFile;
  let dataDir: string;
  const subs: Record<string, string> = {};
  beforeEach(async () => {
    api = new Api();
    dataDir = mkdtempSync(join(tmpdir(), 'tessera-charts-'));
    running = await startIdentity({ dataDir, api: api.handle });
    const tenants = await Promise.all(
      ['oak', 'oak-hill'].map(async (slug) => {
        const { sub, ...admin } = await addStaff(running.identity, `admin@${slug}.example`);
        subs[slug] = sub;
        return { slug, name: slug, users: [{ ...admin, role: 'admin', name: 'Admin' }] };
      }),
    );
    demo = { url: running.origin, operators: [], tenants };
  });
  afterEach(() => running.stop());
  const sent = (): string[] => api.taken.flatMap(({ slug, names }) => names.map((name) => `${slug}: ${name}`));

  test('every record goes in once, by the admin of its own clinic, and the clinics before their charts; a busy moment and an expired token are waited out', async () => {
    const reports: ChartProgress[] = [];
    api.answers.push(503, 401, 409);
    await loadCharts({ dataDir, demo, report: (progress) => reports.push(progress) });
    expect(api.answers).toEqual([]);
    expect(new Set(sent()).size).toBe(sent().length);
    for (const { slug, sub } of api.taken) expect(sub).toBe(subs[slug]);
    for (const { names } of api.taken.slice(0, 2)) expect(names.every((name) => !name.includes('Patient'))).toBe(true);
    const patients = sent().flatMap((name, at) => (name.includes('PUT Patient/') ? [at] : []));
    expect(patients).toHaveLength(DEMO_CLINICS.reduce((sum, clinic) => sum + clinic.patients.length, 0));
    expect(patients.at(-1)).toBeLessThan(sent().length / 8); // everybody is there long before the charts are whole
    expect(reports[0]?.done).toBe(0);
    expect(reports.at(-1)).toEqual({ done: sent().length, total: sent().length });
    expect(reports.every(({ done }, at) => done >= (reports[at - 1]?.done ?? 0))).toBe(true);
  });

  test('what was stopped goes on where it was, and what is complete asks for nothing', async () => {
    const stopping = new AbortController();
    api.afterPiece = () => {
      if (api.taken.length === 20) stopping.abort();
    };
    await expect(loadCharts({ dataDir, demo, signal: stopping.signal })).rejects.toThrow();
    api.afterPiece = () => {};
    await loadCharts({ dataDir, demo });
    const repeated = sent().length - new Set(sent()).size;
    expect(repeated).toBeLessThanOrEqual(2 * 28); // the two pieces that were on their way
    const { length } = api.taken;
    const reports: ChartProgress[] = [];
    await loadCharts({ dataDir, demo, report: (progress) => reports.push(progress) });
    expect(api.taken).toHaveLength(length);
    expect(reports).toEqual([{ done: new Set(sent()).size, total: new Set(sent()).size }]);
  });

  test('a refusal is told', async () => {
    api.answers.push(422);
    await expect(loadCharts({ dataDir, demo })).rejects.toThrow(/refused \(422\)/);
  });
});
