import type { LedgerCounts } from './usage.ts';

/** Everything that AWS meters and we use. Prices: infra/cost/prices.ts. Words: the web's catalogue, docs/operations.md. */
export const METERS = [
  'firewall-acl',
  'firewall-rule',
  'firewall-request',
  'key',
  'key-request',
  'signature',
  'alarm',
  'composite-alarm',
  'custom-metric',
  'dashboard',
  'secret',
  'table-gb',
  'table-backup-gb',
  'table-read',
  'table-write',
  'file-gb',
  'queue-request',
  'schedule-tick',
  'event',
  'function-request',
  'function-gb-second',
  'trace',
  'log-gb',
  'log-kept-gb',
  'api-request',
  'edge-request',
  'edge-gb',
  'mail',
] as const;
export type Meter = (typeof METERS)[number];

/** One line of a bill. */
export interface CostLine {
  readonly meter: Meter;
  readonly quantity: number;
  /** What of it costs nothing. */
  readonly free: number;
  /** US dollars, not rounded. */
  readonly dollars: number;
}

/** The parts that a visit is made of. */
export const VISIT_PARTS = ['search', 'chart', 'read', 'observation', 'record', 'update'] as const;
export type VisitPart = (typeof VISIT_PARTS)[number];
/** How often each part happens in one visit. */
export type Visit = Readonly<Record<VisitPart, number>>;

/** What this installation costs, by AWS's list prices on one day. Written by `npm run cost -- --write`. */
export interface CostReport {
  /** Day of the price list. */
  readonly asOf: string;
  readonly region: string;
  /** A month in which nobody works. */
  readonly idle: readonly CostLine[];
  /** 1,000 visits, each as `visit` says, when every free allowance is used up. */
  readonly visits: readonly CostLine[];
  /** What one visit is taken to be. */
  readonly visit: Visit;
}

/** How many visits `visits` is the bill of. */
export const VISITS = 1_000;

/**
 * What a clinic's use in a month costs by list prices, in US dollars: each finished encounter is taken for a visit as `visit` says. On the
 * high side: an encounter that was imported counts too, and free allowances are taken as used up. Nothing of what an idle month costs.
 */
export const dollarsOfUse = ({ encountersFinished }: LedgerCounts, visits: readonly CostLine[]): number =>
  (encountersFinished * sumOf(visits)) / VISITS;

/** GET /api/platform/cost */
export interface InstallationCost extends CostReport {
  /** Whether this installation has been deployed with the firewall. */
  readonly firewall: boolean;
}

/** The lines that go when the firewall is not deployed. */
const FIREWALL: readonly Meter[] = ['firewall-acl', 'firewall-rule', 'firewall-request'];

export const withoutFirewall = (lines: readonly CostLine[]): readonly CostLine[] =>
  lines.filter(({ meter }) => !FIREWALL.includes(meter));

export const sumOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { dollars }) => sum + dollars, 0);
