import * as z from 'zod';

/** Who does work in the background. A word of the screens stands for each. */
export const WORKERS = ['usage', 'notices', 'imports', 'scans'] as const;
export type Worker = (typeof WORKERS)[number];

/**
 * Why work failed, without a word of what it was about.
 * unavailable: a service did not answer. refused: it will not be taken however often it is tried. stopped: the function ended without a
 * word (out of time or memory). unreadable: the message was not understood. unexpected: a fault of ours.
 */
export const FAILURES = ['unavailable', 'refused', 'stopped', 'unreadable', 'unexpected'] as const;
export type Failure = (typeof FAILURES)[number];

/** waiting: for a person. again: a person has sent it once more. aside: a person has put it away for good. */
export const WORK_STATES = ['waiting', 'again', 'aside'] as const;
export type WorkState = (typeof WORK_STATES)[number];

/** One piece of work that could not be done. */
export const FailedWork = z.object({
  id: z.string(),
  worker: z.enum(WORKERS),
  /** What had happened: PatientRegistered. */
  event: z.string(),
  state: z.enum(WORK_STATES),
  failure: z.enum(FAILURES),
  tries: z.int(),
  /** UTC instants. */
  firstFailed: z.string(),
  lastFailed: z.string(),
  /** Of work that was put away: why, and when. */
  reason: z.string().optional(),
  decided: z.string().optional(),
});
export type FailedWork = z.infer<typeof FailedWork>;

/** The body that puts work away for good. */
export const PutAway = z.strictObject({
  /** Said to whoever asks later why this was not done. No patient data. */
  reason: z.string().trim().min(3).max(200),
});
export type PutAway = z.infer<typeof PutAway>;
