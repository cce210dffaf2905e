/**
 * How fast resources are parsed: the very call that POST, PUT, a transaction and an import make, on Synthea's resources when the data
 * stands beside the project, else on the demo charts.
 */
import type { Bundle, BundleEntry, FhirResource } from 'fhir/r4';
import { entriesOf } from '../../functions/records/bundle-entries.ts';
import { makeChart } from '../../local/demo/charts/make-chart.ts';
import { DEMO_CLINICS } from '../../local/demo/clinics.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import { profileFaults, profileUrl } from '../../schemas/us-core/profiles.ts';
import { SOUND_EXAMPLES } from '../../schemas/us-core/sound-examples.ts';
import { hasSharedData, sharedSamples, withEntries } from '../data/schemas-samples.ts';
import { median, round } from './statistics.ts';

export interface TypeFigures {
  readonly type: string;
  readonly resources: number;
  readonly bytes: number;
  /** Processor time per resource, the object already parsed from JSON. */
  readonly microseconds: number;
  readonly perSecond: number;
  /** With JSON.parse of its text. */
  readonly microsecondsFromText: number;
}

export type ProfileFigures = {
  profile: string;
  /** Processor time per resource: R4 by itself, and what the claimed profile costs on top. */
  microsecondsOfR4: number;
  microsecondsOfProfile: number;
  perSecond: number;
};

export interface ValidationFigures {
  /** Our examples of US Core, each with its claim. */
  readonly profiles: readonly ProfileFigures[];
  readonly source: 'synthea' | 'demo';
  readonly types: readonly TypeFigures[];
  /** Transaction Bundles of 20 neighbouring entries, per second of processor time. */
  readonly bundlesPerSecond: number;
  readonly bundlesPerSecondFromText: number;
  readonly rounds: number;
}

const ROUNDS = 7;
const ENTRIES = 20;
/** Of each type, and of Bundles: enough for a steady figure. */
const MOST = 500;

const samples = (): FhirResource[] =>
  hasSharedData
    ? [...sharedSamples()]
        .flatMap(({ resource }) => withEntries(resource))
        .filter((resource) => resource.resourceType !== 'Bundle' && 'resource' in parseResource(resource))
    : DEMO_CLINICS.flatMap((clinic) => clinic.patients.flatMap((person) => makeChart(person, clinic, '2026-11-23')));

/** Calls a round makes at least, so that the clock can tell. */
const CALLS = 300;

/**
 * Median over the rounds of the processor time of one call, in microseconds: the time of all threads, the garbage collector's too, so
 * that other programs on the machine do not count. The first round warms up and is left out.
 */
function microsecondsEach<T>(inputs: readonly T[], run: (input: T) => unknown): number {
  const repeats = Math.ceil(CALLS / inputs.length);
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    const start = process.cpuUsage();
    for (let repeat = 0; repeat < repeats; repeat++) for (const input of inputs) run(input);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / (inputs.length * repeats);
  });
  return median(rounds.slice(1));
}

const toEntry = (resource: FhirResource): BundleEntry => ({ resource, request: { method: 'POST', url: resource.resourceType } });

const toBundles = (resources: readonly FhirResource[]): Bundle[] =>
  Array.from({ length: Math.floor(resources.length / ENTRIES) }, (_, index) => ({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.slice(index * ENTRIES, (index + 1) * ENTRIES).map(toEntry),
  }));

/** As POST does it: the envelope, then each resource under the type in its address. */
function parseBundle(bundle: unknown): void {
  for (const { resource, path } of entriesOf(bundle, 'https://tessera.example/api/oak/fhir/R4').entries) {
    if ('issues' in parseResource(resource, { type: path })) throw new Error(`A ${path} of the samples is refused`);
  }
}

const typeFigures = (type: string, resources: readonly FhirResource[]): TypeFigures => {
  const texts = resources.map((resource) => JSON.stringify(resource));
  const microseconds = microsecondsEach(resources, (resource) => parseResource(resource, { type }));
  return {
    type,
    resources: resources.length,
    bytes: Math.round(texts.reduce((sum, text) => sum + text.length, 0) / texts.length),
    microseconds: round(microseconds),
    perSecond: Math.round(1_000_000 / microseconds),
    microsecondsFromText: round(microsecondsEach(texts, (text) => parseResource(JSON.parse(text), { type }))),
  };
};

const profileFigures = (name: string, example: FhirResource): ProfileFigures => {
  const claiming = Array.from({ length: CALLS }, () => ({ ...structuredClone(example), meta: { profile: [profileUrl(name)] } }));
  const ofR4 = microsecondsEach(claiming, (resource) => parseResource(resource));
  const ofProfile = microsecondsEach(claiming, profileFaults);
  return {
    profile: name,
    microsecondsOfR4: round(ofR4),
    microsecondsOfProfile: round(ofProfile),
    perSecond: Math.round(1_000_000 / (ofR4 + ofProfile)),
  };
};

export async function benchValidation(): Promise<ValidationFigures> {
  const resources = samples();
  const byType = Map.groupBy(resources, (resource) => resource.resourceType);
  const bundles = toBundles(resources).slice(0, MOST);
  const texts = bundles.map((bundle) => JSON.stringify(bundle));
  return {
    source: hasSharedData ? 'synthea' : 'demo',
    profiles: Object.entries(SOUND_EXAMPLES).map(([name, example]) => profileFigures(name, example)),
    types: [...byType].map(([type, list]) => typeFigures(type, list.slice(0, MOST))).sort((a, b) => b.resources - a.resources),
    bundlesPerSecond: Math.round(1_000_000 / microsecondsEach(bundles, parseBundle)),
    bundlesPerSecondFromText: Math.round(1_000_000 / microsecondsEach(texts, (text) => parseBundle(JSON.parse(text)))),
    rounds: ROUNDS,
  };
}
