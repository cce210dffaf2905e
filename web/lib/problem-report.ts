import { BROWSERS, type ERROR_KINDS, ERROR_NAMES, MOST_FRAMES } from '../../schemas/report-words.ts';
import type { ProblemReport } from '../../schemas/reports.ts';
import type { Language } from './locale.ts';

type ErrorKind = (typeof ERROR_KINDS)[number];

/**
 * What a window that broke tells the operators. Invariant: of the error only its place in our own files and a word of a list are taken;
 * message and function names stay here, for they may quote a record. The server refuses anything else (schemas/reports.ts).
 */
export function problemReport(
  error: unknown,
  context: {
    readonly place: ProblemReport['place'];
    readonly version: string;
    readonly pathname: string;
    /** The values in the address, by name. */
    readonly params: Readonly<Record<string, string | undefined>>;
    readonly userAgent: string;
    readonly language: Language;
    readonly nowIso: string;
  },
): ProblemReport {
  return {
    version: context.version,
    route: routePattern(context.pathname, context.params),
    place: context.place,
    error: nameOf(error),
    kind: kindOf(error),
    frames: framesOf(error),
    browser: browserOf(context.userAgent),
    language: context.language,
    at: context.nowIso,
  };
}

/** "/t/:tenant/patients/:id" for an address: every value of a parameter, and whatever is no word of ours, gives way to a name. */
export function routePattern(pathname: string, params: Readonly<Record<string, string | undefined>>): string {
  const names = new Map(
    Object.entries(params).flatMap(([name, value]) => (value && /^[a-z]+$/.test(name) ? [[value, name]] : [])),
  );
  const parts = pathname
    .split('/')
    .slice(1, 9)
    .map((part) => {
      const name = names.get(part) ?? names.get(decoded(part));
      if (name) return `:${name}`;
      return /^[a-z-]{0,20}$/.test(part) ? part : ':other';
    });
  return `/${parts.join('/')}`;
}
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const nameOf = (error: unknown): ProblemReport['error'] =>
  ERROR_NAMES.find((name) => error instanceof Error && name === error.name) ?? 'Error';

const SIGNS: readonly (readonly [ErrorKind, RegExp])[] = [
  // Chromium, Firefox and Safari each have their own words for it.
  ['part-not-loaded', /dynamically imported module|Importing a module script failed|Unable to preload CSS/i],
  ['not-drawable', /not valid as a React child|Minified React error #31\b/],
  ['endless', /Maximum call stack|too much recursion|Too many re-renders|Maximum update depth|Minified React error #(185|301)\b/],
  ['storage-full', /quota/i],
];
/** Whether the page broke because a part of the app did not come: then loading again is the cure. */
export const kindOf = (error: unknown): ErrorKind =>
  error === undefined
    ? 'told' // by a person: nothing broke
    : (SIGNS.find(([, sign]) => error instanceof Error && sign.test(`${error.name} ${error.message}`))?.[0] ?? 'other');

/** "…/assets/Chart-C7NZNFeL.js:1:204" at the end of a line: of Chromium "at name (…)", of Firefox and Safari "name@…". */
const FRAME = /^(?:.*[(@\s])?https?:\/\/[^\s/]+\/assets\/([A-Za-z][\w.-]{0,79}\.js):(\d{1,7}):(\d{1,7})\)?$/;

function framesOf(error: unknown): ProblemReport['frames'] {
  if (!(error instanceof Error)) return [];
  // A stack begins with the message in Chromium, and a message may look like a line of a stack: it is cut away first.
  const stack = (error.stack ?? '').replace(`${error.name}: ${error.message}`, '').replace(error.message || '\0', '');
  return stack
    .split('\n')
    .flatMap((line) => {
      const found = FRAME.exec(line.trim());
      return found?.[1] ? [{ file: found[1], line: Number(found[2]), column: Number(found[3]) }] : [];
    })
    .slice(0, MOST_FRAMES);
}

/** Edge says Chrome too, and Chrome says Safari: the order matters. */
const browserOf = (userAgent: string): ProblemReport['browser'] => {
  const signs: Record<ProblemReport['browser'], RegExp> = {
    edge: /Edg\//,
    firefox: /Firefox\//,
    chrome: /Chrom(e|ium)\//,
    safari: /Safari\//,
    other: /./,
  };
  return BROWSERS.find((browser) => signs[browser].test(userAgent)) ?? 'other';
};
