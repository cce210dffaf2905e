/** How a part does: `failing` when it did not answer as it should. */
export type PartState = 'ok' | 'failing';

/** The parts of the platform, each asked by a call that changes nothing. */
export const PARTS = ['records', 'files', 'queues', 'bus', 'mail', 'signIn'] as const;
export type Part = (typeof PARTS)[number];

export interface QueueStatus {
  /** usage, notices, imports; `dead-letters` is where all of them set aside what failed. */
  readonly name: string;
  readonly waiting: number;
  readonly inFlight: number;
  /** Whole seconds that the message which came first has been in the queue. Absent of an empty queue, and where it could not be learnt. */
  readonly oldestSeconds?: number;
}

export interface ScheduleStatus {
  readonly name: string;
  readonly everyMinutes: number;
  /** UTC instant of the end of its last run. */
  readonly last?: string;
  readonly outcome?: 'done' | 'unfinished' | 'failed';
  /** It should have run since. One that has never run is not late: the installation may be new. */
  readonly late: boolean;
}

/** What operators see. No tenant's name and nothing that is in one. */
export interface StatusDetails {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly parts: Readonly<Record<Part, PartState>>;
  readonly queues: readonly QueueStatus[];
  readonly schedules: readonly ScheduleStatus[];
  /** Between a write and its event on the bus, of the last batch: milliseconds, and when. */
  readonly stream?: { readonly lagMs: number; readonly at: string };
  /** Work that waits for a person, over all clinics, by who was to do it. */
  readonly failedWork: Readonly<Record<string, number>>;
}
