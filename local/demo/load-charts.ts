import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle, FhirResource, HealthcareService } from 'fhir/r4';
import type { DemoFile, DemoUser } from '../identity/demo-file.ts';
import { JsonFile } from '../identity/json-file.ts';
import { signIn } from '../identity/sign-in.ts';
import { visitsAround } from './calendar-day.ts';
import { dayIn } from './charts/calendar.ts';
import { patientId } from './charts/chart.ts';
import { makeChart } from './charts/make-chart.ts';
import { DEMO_CLINICS, type DemoClinic } from './clinics.ts';
import { surroundingsOf } from './starter-content.ts';
import { demoTasks } from './tasks.ts';
import { demoVisits } from './visits.ts';

/** How far the loading is, in records. */
export interface ChartProgress {
  readonly done: number;
  readonly total: number;
}

export interface ChartParts {
  readonly dataDir: string;
  readonly demo: DemoFile;
  readonly report?: (progress: ChartProgress) => void;
  /** Stops between two requests; the next start goes on from there. */
  readonly signal?: AbortSignal;
}

/** What a data folder remembers: the day its charts end on, and how many pieces of each are in. */
interface Loaded {
  readonly today: string;
  /** When the loading began: the calendar's day is made around it. */
  readonly loadedAtMs?: number;
  readonly pieces: Record<string, number>;
  /** Records in all; there once all of them are in. */
  complete?: number;
}

/** The zone of the demo clinics in which a day begins last: nothing in any chart lies ahead of its clinic. */
const WESTMOST = 'America/Chicago';

/** Records in one transaction: with their locators, code rows and audit row they stay below DynamoDB's 100 items. */
const PIECE = 28;
/** Charts on their way at once: more make the one database no faster. */
const AT_ONCE = 2;

interface Job {
  readonly key: string;
  readonly clinic: DemoClinic;
  readonly pieces: readonly (readonly FhirResource[])[];
}

/**
 * Puts the demo charts through the API as each clinic's admin: each with the checks, the versions and the audit of any other
 * record. What a start did not finish the next one does, beginning with the piece that was on its way.
 */
export async function loadCharts({ dataDir, demo, report, signal }: ChartParts): Promise<void> {
  const loaded = new JsonFile<Loaded>(join(dataDir, 'demo-charts.json'), () => ({
    today: dayIn(WESTMOST, Date.now()),
    loadedAtMs: Date.now(),
    pieces: {},
  }));
  const { pieces, complete } = loaded.value;
  if (complete !== undefined) return report?.({ done: complete, total: complete });
  const jobs = allJobs(loaded.value.today, loaded.value.loadedAtMs ?? Date.now());
  const waiting = DEMO_CLINICS.map(
    (clinic): Job => ({
      key: `${clinic.slug}-tasks`,
      clinic,
      pieces: inPieces([...demoTasks(clinic, loaded.value.today, Date.now()), ...demoVisits(clinic, Date.now())]),
    }),
  );
  const total = [...jobs, ...waiting].reduce((sum, job) => sum + countOf(job.pieces), 0);
  let done = [...jobs, ...waiting].reduce((sum, job) => sum + countOf(job.pieces.slice(0, pieces[job.key] ?? 0)), 0);
  report?.({ done, total });
  const admins = new Map(DEMO_CLINICS.map(({ slug }) => [slug, new Admin(demo, slug, signal)]));
  const load = async ({ key, clinic, pieces: all }: Job, upTo = all.length): Promise<void> => {
    for (let at = pieces[key] ?? 0; at < upTo; at += 1) {
      const piece = all[at] ?? [];
      await admins.get(clinic.slug)?.put(piece, { isCalendar: key.endsWith('/calendar') });
      pieces[key] = at + 1;
      await loaded.save();
      done += piece.length;
      report?.({ done, total });
    }
  };
  const isClinic = ({ key, clinic }: Job): boolean => key === clinic.slug;
  const isCalendar = ({ key }: Job): boolean => key.endsWith('/calendar');
  // The clinics before their charts, which refer to them; then of every chart its first piece, with the patient, the allergies
  // and the problems, so that everybody is found within seconds; then the charts whole, one after the other.
  for (const job of jobs.filter(isClinic)) await load(job);
  const calendars = jobs.filter(isCalendar);
  const charts = jobs.filter((job) => !isClinic(job) && !isCalendar(job));
  await eachOf(charts, (job) => load(job, Math.min(1, job.pieces.length)));
  for (const job of calendars) await load(job);
  await eachOf(charts, (job) => load(job));
  // What waits for whom refers to charts, and is of this hour.
  for (const job of waiting) await load(job);
  loaded.value.complete = total;
  await loaded.save();
}

async function eachOf(jobs: readonly Job[], load: (job: Job) => Promise<void>): Promise<void> {
  const waiting = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await load(job);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** In the order in which they are loaded: the clinics, then everybody's chart, the two clinics by turns. */
function allJobs(today: string, loadedAtMs: number): Job[] {
  const clinics = DEMO_CLINICS.map((clinic): Job => ({ key: clinic.slug, clinic, pieces: inPieces(surroundingsOf(clinic)) }));
  const charts = DEMO_CLINICS.flatMap((clinic) =>
    clinic.patients.map((person, turn) => ({
      turn,
      job: { key: person.key, clinic, pieces: inPieces(makeChart(person, clinic, today)) },
    })),
  );
  const calendars = DEMO_CLINICS.map(
    (clinic): Job => ({ key: `${clinic.slug}/calendar`, clinic, pieces: dayOf(clinic, loadedAtMs) }),
  );
  return [...clinics, ...calendars, ...charts.sort((a, b) => a.turn - b.turn).map(({ job }) => job)];
}

/** A visit has more rows than a chart's record: those by which it is found, and those of the day book. */
const VISITS_A_PIECE = 8;

function dayOf(clinic: DemoClinic, nowMs: number): FhirResource[][] {
  const patients = clinic.patients
    .filter(({ deceased }) => !deceased)
    .map((person) => ({ reference: `Patient/${patientId(person)}`, display: [...person.given, person.family].join(' ') }));
  const visitTypes = surroundingsOf(clinic).filter((one): one is HealthcareService => one.resourceType === 'HealthcareService');
  return inPieces(visitsAround({ clinic, patients, visitTypes, nowMs }), VISITS_A_PIECE);
}

const countOf = (pieces: readonly (readonly FhirResource[])[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);
const inPieces = (resources: readonly FhirResource[], size = PIECE): FhirResource[][] =>
  Array.from({ length: Math.ceil(resources.length / size) }, (_, at) => resources.slice(at * size, (at + 1) * size));

/** Statuses that another try may mend: a lost race, a full house, a function that is starting. */
const PASSING = new Set([409, 429, 500, 502, 503, 504]);
const TRIES = 6;
/** Access tokens live fifteen minutes. */
const RENEW_AFTER_MS = 12 * 60_000;

/** The clinic's admin at the keyboard: signed in by password and code like anybody else. */
class Admin {
  readonly #base: string;
  readonly #url: string;
  readonly #user: DemoUser | undefined;
  readonly #signal: AbortSignal | undefined;
  #token: { readonly text: Promise<string>; readonly sinceMs: number } | undefined;

  constructor(demo: DemoFile, slug: string, signal: AbortSignal | undefined) {
    this.#url = demo.url;
    this.#base = `${demo.url}/api/${slug}/fhir/R4`;
    this.#user = demo.tenants.find((tenant) => tenant.slug === slug)?.users.find(({ role }) => role === 'admin');
    this.#signal = signal;
  }

  /** All of the records, or none. Of a calendar: all but those whose time somebody has been quicker to book. */
  async put(resources: readonly FhirResource[], { isCalendar }: { isCalendar: boolean }): Promise<void> {
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: resources.map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      })),
    };
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#post(JSON.stringify(bundle));
      if (answer.ok) return void (await answer.body?.cancel());
      if (isCalendar && answer.status === 409) {
        await answer.body?.cancel();
        if (resources.length > 1) for (const resource of resources) await this.put([resource], { isCalendar });
        return;
      }
      const passing = PASSING.has(answer.status) || answer.status === 401;
      if (!passing || attempt >= TRIES)
        throw new Error(`The demo charts were refused (${answer.status}): ${await answer.text()}`);
      await answer.body?.cancel();
      if (answer.status === 401) this.#token = undefined;
      await wait(250 * 2 ** attempt, undefined, { signal: this.#signal });
    }
  }

  async #post(body: string): Promise<Response> {
    const headers = {
      authorization: `Bearer ${await this.#access()}`,
      'content-type': 'application/fhir+json',
      prefer: 'return=minimal',
    };
    return fetch(this.#base, { method: 'POST', headers, body, signal: this.#signal ?? null });
  }

  #access(): Promise<string> {
    if (!this.#user) throw new Error('The demo clinic has no admin.');
    if (!this.#token || Date.now() - this.#token.sinceMs > RENEW_AFTER_MS) {
      const request = { url: this.#url, user: this.#user, ...(this.#signal && { signal: this.#signal }) };
      this.#token = { text: signIn(request).then(({ accessToken }) => accessToken), sinceMs: Date.now() };
    }
    return this.#token.text;
  }
}
