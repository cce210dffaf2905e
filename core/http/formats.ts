import { Problem } from '../outcome.ts';
import type { Headers } from './types.ts';

/** What `_format` may say (FHIR R4, RESTful API 3.1.0.1.11). A '+' in an address arrives as a blank. */
const OUR_FORMATS = new Set(['json', 'application/json', 'application/fhir+json', 'application/fhir json', 'text/json']);
const ACCEPTED = /^(?:\*\/\*|application\/\*|application\/(?:fhir\+)?json|text\/json)$/;

/** We answer JSON, and a few endpoints a `media` of their own. `_format` outranks Accept. @throws Problem not-acceptable */
export function refuseOtherFormats(query: URLSearchParams, headers: Headers, media?: string): void {
  const named = query.getAll('_format').map((format) => format.split(';')[0]?.trim().toLowerCase() ?? '');
  const accept = headers.accept?.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase() ?? '') ?? [];
  const ours =
    named.length > 0
      ? named.every((format) => OUR_FORMATS.has(format))
      : accept.length === 0 || accept.some((range) => ACCEPTED.test(range) || range === media);
  if (!ours) throw new Problem('not-acceptable', 'This server answers application/fhir+json.');
  query.delete('_format');
  query.delete('_pretty');
}
