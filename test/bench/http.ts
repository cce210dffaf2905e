import type { Observation, Patient } from 'fhir/r4';
import { signIn } from '../../local/identity/sign-in.ts';
import { startStack } from '../support/stack.ts';
import { bookingOperations } from './booking.ts';
import { percentile, round } from './statistics.ts';

export type HttpFigures = {
  operation: string;
  clients: number;
  p50Ms: number;
  p95Ms: number;
  /** Of p50: what the function waited for DynamoDB Local (Server-Timing), and the rest, which is ours. */
  databaseP50Ms: number;
  ownP50Ms: number;
  perSecond: number;
};

const REQUESTS = 120;

/** A whole stack of its own on this machine, with the demo clinic; times are from the client's side of HTTP. */
export async function benchHttp(): Promise<HttpFigures[]> {
  const stack = await startStack();
  try {
    const { accessToken } = await signIn({ url: stack.url, user: stack.user('oak', 'physician') });
    return await measure(`${stack.url}/api/oak`, accessToken);
  } finally {
    await stack.stop();
  }
}

interface Sample {
  readonly totalMs: number;
  readonly databaseMs: number;
}
type Call = (path: string, init?: RequestInit) => Promise<{ sample: Sample; body: unknown; etag: string | null }>;

async function measure(base: string, token: string): Promise<HttpFigures[]> {
  const call: Call = async (path, init = {}) => {
    const began = performance.now();
    const answer = await fetch(`${base}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', ...init.headers },
    });
    const body = await answer.json();
    const totalMs = performance.now() - began;
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path.split('?')[0]}: ${answer.status}`);
    const databaseMs = Number(/db;dur=([\d.]+)/.exec(answer.headers.get('server-timing') ?? '')?.[1] ?? Number.NaN);
    return { sample: { totalMs, databaseMs }, body, etag: answer.headers.get('etag') };
  };

  const found = (await call('/fhir/R4/Patient?name=a&_count=1')).body as { entry?: { resource: Patient }[] };
  const patient = found.entry?.[0]?.resource;
  if (!patient?.id) throw new Error('The demo has no patient.');
  const created = await Promise.all(
    Array.from({ length: 16 }, () =>
      call('/fhir/R4/Observation', { method: 'POST', body: JSON.stringify(pulse(patient.id as string)) }),
    ),
  );
  const observations = created.map(({ body }) => body as Observation);

  const post = (path: string, body: object) => call(path, { method: 'POST', body: JSON.stringify(body) });
  const desk = await bookingOperations(
    async <Body>(path: string, body: object) => (await post(path, body)).body as Body,
    patient.id,
  );
  const operations: Record<string, (n: number) => ReturnType<Call>> = {
    'find free times': (n) => post(...desk.find(n)),
    'book a visit': () => post(...desk.book()),
    create: () => call('/fhir/R4/Observation', { method: 'POST', body: JSON.stringify(pulse(patient.id as string)) }),
    read: (n) => call(`/fhir/R4/Observation/${observations[n % observations.length]?.id}`),
    update: (n) => {
      const one = observations[n % observations.length] as Observation;
      return call(`/fhir/R4/Observation/${one.id}`, {
        method: 'PUT',
        body: JSON.stringify({ ...one, note: [{ text: `No. ${n}` }] }),
      });
    },
    chart: () => call(`/charts/${patient.id}`),
    'patient search': (n) =>
      call('/fhir/R4/Patient/_search', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `name=${'abcdefghij'[n % 10]}&_count=10`,
      }),
  };

  const figures: HttpFigures[] = [];
  for (const clients of [1, 8]) {
    for (const [operation, run] of Object.entries(operations)) {
      for (let n = 0; n < 10 * clients; n++) await run(n); // warm: workers, credentials, JIT
      figures.push(await timed(operation, clients, run));
    }
  }
  return figures;
}

async function timed(operation: string, clients: number, run: (n: number) => ReturnType<Call>): Promise<HttpFigures> {
  const samples: Sample[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      // Each client keeps to its own records: this measures speed, not lost races.
      for (; next < REQUESTS; next++) samples.push((await run(client)).sample);
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  const totals = samples.map(({ totalMs }) => totalMs);
  const database = percentile(
    samples.map(({ databaseMs }) => databaseMs),
    0.5,
  );
  const own = percentile(
    samples.map(({ totalMs, databaseMs }) => totalMs - databaseMs),
    0.5,
  );
  return {
    operation,
    clients,
    p50Ms: round(percentile(totals, 0.5)),
    p95Ms: round(percentile(totals, 0.95)),
    databaseP50Ms: round(database),
    ownP50Ms: round(own),
    perSecond: round(samples.length / seconds, 0),
  };
}

const pulse = (patient: string): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: new Date().toISOString(),
  valueQuantity: { value: 72, unit: 'beats/minute', system: 'http://unitsofmeasure.org', code: '/min' },
});
