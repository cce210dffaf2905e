import type { Schedule } from '../template/schedules.ts';
import { minuteParts, parseSchedule, type Timing } from './schedule-expression.ts';

export interface ClockOptions {
  readonly schedules: readonly Schedule[];
  /** Runs the schedule's target; `timeMs` is when it was due. */
  readonly run: (schedule: Schedule, timeMs: number) => void;
}

const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** The template's schedules by the clock of this machine. What fell due while nothing ran is not caught up, as on a machine that was off. */
export class Clock {
  readonly #run: ClockOptions['run'];
  readonly #entries: { schedule: Schedule; timing: Timing; startMs: number; done: boolean }[];
  #lastMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor({ schedules, run }: ClockOptions, nowMs = Date.now()) {
    this.#run = run;
    this.#lastMs = nowMs;
    this.#entries = schedules.map((schedule) => ({
      schedule,
      timing: parseSchedule(schedule.expression),
      startMs: nowMs,
      done: false,
    }));
  }

  start(): void {
    this.#timer = setInterval(() => this.look(Date.now()), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Runs once everything that fell due since the last look. */
  look(nowMs: number): void {
    for (const entry of this.#entries) {
      const dueMs = entry.done ? undefined : this.#dueSince(entry, nowMs);
      if (dueMs === undefined) continue;
      entry.done = entry.timing.kind === 'at';
      this.#run(entry.schedule, dueMs);
    }
    this.#lastMs = nowMs;
  }

  /** The latest instant after the last look at which the entry was due. */
  #dueSince(
    { schedule, timing, startMs }: { schedule: Schedule; timing: Timing; startMs: number },
    nowMs: number,
  ): number | undefined {
    if (timing.kind === 'rate') {
      const rounds = Math.floor((nowMs - startMs) / timing.everyMs);
      return rounds > Math.floor((this.#lastMs - startMs) / timing.everyMs) ? startMs + rounds * timing.everyMs : undefined;
    }
    if (timing.kind === 'at')
      return localTime(nowMs, schedule.timeZone) >= timing.local && localTime(startMs, schedule.timeZone) <= timing.local
        ? nowMs
        : undefined;
    for (let minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS; minuteMs > this.#lastMs; minuteMs -= MINUTE_MS) {
      if (timing.isDue(minuteParts(minuteMs, schedule.timeZone))) return minuteMs;
    }
    return undefined;
  }
}

/** yyyy-mm-ddThh:mm:ss on the zone's wall clock. */
function localTime(epochMs: number, timeZone: string): string {
  return new Date(epochMs).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
}
