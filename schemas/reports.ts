import * as z from 'zod';
import { BROWSERS, ERROR_KINDS, ERROR_NAMES, MOST_FRAMES } from './report-words.ts';

/**
 * What a window that broke may tell the operators. Invariant: no field can hold what somebody typed or what a record says: each is a number,
 * a word of a list below, or a text of the program itself. An error's message is not among them, for it may quote a name.
 */

/** A line of one of our own built files. */
export const Frame = z.strictObject({
  file: z.string().regex(/^[A-Za-z][\w.-]{0,79}\.js$/),
  line: z.int().min(0).max(10_000_000),
  column: z.int().min(0).max(10_000_000),
});

export const ProblemReport = z.strictObject({
  /** Of the build, such as 0.1.0. */
  version: z.string().regex(/^[0-9]{1,4}(\.[0-9]{1,4}){2}$/),
  /** The pattern of the address, such as /t/:tenant/patients/:id: lower-case words and names of parameters, never a value. */
  route: z.string().regex(/^(\/(:[a-z]{1,20}|[a-z-]{1,20})?){1,8}$/),
  /** Whether all of the window broke or a part of it. */
  place: z.enum(['page', 'panel']),
  error: z.enum(ERROR_NAMES),
  kind: z.enum(ERROR_KINDS),
  frames: z.array(Frame).max(MOST_FRAMES),
  browser: z.enum(BROWSERS),
  language: z.enum(['en', 'es', 'en-XA']),
  /** When it broke, by the browser's clock. */
  at: z.iso.datetime(),
});
export type ProblemReport = z.infer<typeof ProblemReport>;

/** One fault as operators see it: the newest report of it, and how often it was sent. */
export interface CountedReport {
  readonly id: string;
  readonly count: number;
  /** ISO 8601, by the server's clock. */
  readonly first: string;
  readonly last: string;
  readonly report: ProblemReport;
}
export interface ReportsPage {
  readonly reports: readonly CountedReport[];
}
