import { momentMs } from './dates.ts';
import type { Point } from './vital-signs.ts';

/** What a line of numbers says. `change` compares the newest with the oldest shown; under 5 % of the oldest it is `steady`. */
export interface Finding {
  readonly latest: Point;
  readonly oldest: Point;
  readonly count: number;
  readonly outside: number;
  readonly change: 'up' | 'down' | 'steady' | undefined;
}

const STEADY = 0.05; // of the oldest value

/**
 * `points` newest first; undefined when there are none. `change` is undefined with a single point or when units differ. A measurement of two
 * numbers is outside when either is: `partner` holds the other ones (the diastolic of a blood pressure).
 */
export function findingOf(points: readonly Point[], partner: readonly Point[] = []): Finding | undefined {
  const latest = points[0];
  const oldest = points.at(-1);
  if (!latest || !oldest) return undefined;
  const outside = new Set([...points, ...partner].filter(isOutside).map(({ observation }) => observation)).size;
  const [from, to] = [oldest.quantity.value ?? 0, latest.quantity.value ?? 0];
  const comparable =
    points.length > 1 && (oldest.quantity.code ?? oldest.quantity.unit) === (latest.quantity.code ?? latest.quantity.unit);
  const change = !comparable ? undefined : Math.abs(to - from) <= Math.abs(from) * STEADY ? 'steady' : to > from ? 'up' : 'down';
  return { latest, oldest, count: points.length, outside, change };
}

const isOutside = ({ standing }: Point): boolean => standing !== undefined && standing !== 'within';

/** Positions of a drawing: x by time (evenly where dates are missing or equal), y by value, both from 0 to 1. */
export interface Plotted {
  readonly x: number;
  readonly y: number;
  readonly point: Point;
}

export interface Plot {
  readonly lines: readonly (readonly Plotted[])[];
  /** Round values for the scale, lowest first, with their height from 0 to 1. */
  readonly ticks: readonly { readonly value: number; readonly y: number }[];
  /** The reference range of each line's newest point, where it has one. */
  readonly bands: readonly { readonly from: number; readonly to: number }[];
}

/** A step of 1, 2 or 5 times a power of ten that cuts `span` into about four. */
function roundStep(span: number): number {
  const rough = span / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = rough / power;
  return power * (factor >= 5 ? 10 : factor >= 2 ? 5 : factor >= 1 ? 2 : 1);
}

/** Lays out one or two lines of points (each newest first) on a shared scale, with their reference ranges. */
export function plot(lines: readonly (readonly Point[])[]): Plot | undefined {
  const all = lines.flat();
  const ranges = lines.flatMap((points) => points[0]?.range ?? []);
  const values = all.map((point) => point.quantity.value ?? 0);
  if (values.length === 0) return undefined;
  const low = Math.min(...values, ...ranges.flatMap((range) => range.low ?? []));
  const high = Math.max(...values, ...ranges.flatMap((range) => range.high ?? []));
  const step = roundStep(high - low || Math.abs(high) || 1);
  const bottom = Math.floor(low / step) * step;
  const top = Math.max(Math.ceil(high / step) * step, bottom + step);
  const y = (value: number) => (value - bottom) / (top - bottom);
  const times = all.map((point) => momentMs(point.when));
  const known = times.filter((time) => time !== undefined);
  const [first, last] = [Math.min(...known), Math.max(...known)];
  const timed = known.length === times.length && last > first;
  const ticks = Array.from({ length: Math.round((top - bottom) / step) + 1 }, (_, index) =>
    Number((bottom + index * step).toPrecision(12)),
  );
  return {
    lines: lines.map((points) =>
      points.map((point, index) => ({
        x: timed
          ? ((momentMs(point.when) ?? first) - first) / (last - first)
          : points.length > 1
            ? 1 - index / (points.length - 1)
            : 0.5,
        y: y(point.quantity.value ?? 0),
        point,
      })),
    ),
    ticks: ticks.map((value) => ({ value, y: y(value) })),
    bands: ranges.map((range) => ({
      from: range.low === undefined ? 0 : y(range.low),
      to: range.high === undefined ? 1 : y(range.high),
    })),
  };
}
