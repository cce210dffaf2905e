import type { FhirId } from '../../schemas/ids.ts';
import type { Interval } from '../../schemas/intervals.ts';
import { Problem, type ProblemIssue, said } from '../outcome.ts';
import { type Actor, actorName } from './claims.ts';

/** A visit that takes an actor's time. */
export interface Taken extends Interval {
  readonly actor: Actor;
  readonly appointment: FhirId;
}

const toTheMinute = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;

const issueOf = ({ actor, startMs, endMs }: Taken): ProblemIssue =>
  said('time-taken', { who: actorName(actor), from: toTheMinute(startMs), to: toTheMinute(endMs) });

/** The store's refusal of an Appointment that would take minutes that are taken: every one of them is listed. */
export class TimeTaken extends Problem {
  readonly taken: readonly Taken[];
  constructor(taken: readonly Taken[]) {
    super('conflict', taken.map(issueOf));
    this.taken = taken;
  }
}
