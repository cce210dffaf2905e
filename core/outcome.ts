import type { OperationOutcome } from 'fhir/r4';
import { filledText } from '../schemas/filled-text.ts';
import { PROBLEM_SYSTEM, PROBLEM_VALUE } from '../schemas/problem-system.ts';
import { PROBLEM_TEXTS, type ProblemName } from '../schemas/problem-texts.ts';

/** Each way a request can fail: its HTTP status and its FHIR R4 issue-type code. */
export const PROBLEMS = {
  invalid: { status: 400, code: 'invalid' },
  unauthenticated: { status: 401, code: 'login' },
  forbidden: { status: 403, code: 'forbidden' },
  'not-found': { status: 404, code: 'not-found' },
  'not-supported': { status: 405, code: 'not-supported' },
  'not-acceptable': { status: 406, code: 'not-supported' },
  conflict: { status: 409, code: 'conflict' },
  gone: { status: 410, code: 'deleted' },
  'stale-version': { status: 412, code: 'conflict' }, // If-Match named an older version
  'ambiguous-match': { status: 412, code: 'multiple-matches' },
  'too-large': { status: 413, code: 'too-long' },
  'wrong-media-type': { status: 415, code: 'not-supported' },
  'rule-broken': { status: 422, code: 'business-rule' },
  'too-many-requests': { status: 429, code: 'throttled' },
  unavailable: { status: 503, code: 'transient' },
  internal: { status: 500, code: 'exception' },
} as const;
export type ProblemKind = keyof typeof PROBLEMS;

/** One fault: text for a person, the FHIRPath of the element where there is one, and a more exact issue-type code if it has one. */
export interface ProblemIssue {
  readonly text: string;
  readonly path?: string;
  /** Of a text that has one, so that an app can say it in its own language. */
  readonly name?: ProblemName;
  readonly values?: ProblemValues;
  readonly code?: OperationOutcome['issue'][number]['code'];
  /** A fact that helps beside the faults: what to do instead. */
  readonly severity?: 'information';
}

type ProblemValues = Readonly<Record<string, string | number>>;

/** The fault of this name, with its text filled in. */
export const said = (name: ProblemName, values: ProblemValues = {}): ProblemIssue => ({
  text: filledText(PROBLEM_TEXTS[name], values),
  name,
  ...(Object.keys(values).length > 0 && { values }),
});

/** The only error that code throws on purpose. Anything else is a bug and answers 500. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly issues: readonly ProblemIssue[];
  /** When it is worth trying again, where that is known: the answer's Retry-After. */
  readonly retryAfterSeconds: number | undefined;
  constructor(
    kind: ProblemKind,
    what: string | ProblemIssue | readonly ProblemIssue[],
    options: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    const issues = typeof what === 'string' ? [{ text: what }] : 'text' in what ? [what] : what;
    super(`${kind}: ${issues.map((issue) => issue.path ?? issue.code ?? '').join(' ')}`.trim(), options);
    this.name = 'Problem';
    this.kind = kind;
    this.issues = issues;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
  get status(): number {
    return PROBLEMS[this.kind].status;
  }
}

/** The wire form of a Problem, every issue at once, so that a form can mark every field. */
export const toOutcome = (problem: Problem): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue: problem.issues.map(({ text, path, code, name, severity, values = {} }) => ({
    severity: severity ?? 'error',
    code: code ?? PROBLEMS[problem.kind].code,
    details: {
      ...(name && { coding: [{ system: PROBLEM_SYSTEM, code: name }] }),
      text,
      ...(Object.keys(values).length > 0 && {
        extension: Object.entries(values).map(([key, value]) => ({ url: PROBLEM_VALUE + key, valueString: String(value) })),
      }),
    },
    ...(path && { expression: [path] }),
  })),
});

/** Whether an error says that a record is not there: it never was, or it has been deleted. */
export const isGone = (error: unknown): boolean =>
  error instanceof Problem && (error.kind === 'gone' || error.kind === 'not-found');
