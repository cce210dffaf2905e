import * as z from 'zod';

/**
 * What a window that broke may tell the operators. Invariant: no field can hold what somebody typed or what a record says: each is a number,
 * a word of a list below, or a text of the program itself. An error's message is not among them, for it may quote a name.
 */

/** The errors that browsers and our own code throw; any other name becomes `Error`, for a name is free text too. */
export const ERROR_NAMES = [
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'DOMException',
  'ApiError',
  'QuotaExceededError',
] as const;
/** What is known of an error by its message, which itself stays where it is. */
export const ERROR_KINDS = ['part-not-loaded', 'not-drawable', 'endless', 'storage-full', 'other'] as const;
export const BROWSERS = ['edge', 'firefox', 'chrome', 'safari', 'other'] as const;

/** At most so many lines of a stack: the first few name the place. */
export const MOST_FRAMES = 20;

/** A line of one of our own built files, or of a source file where the app runs unbuilt. Names are the build's: no digit-only name, no address. */
export const Frame = z.strictObject({
  file: z.string().regex(/^[A-Za-z][\w.-]{0,79}\.(js|tsx?)$/),
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
