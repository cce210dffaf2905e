import { Problem } from '../outcome.ts';
import type { Headers } from './types.ts';

/** `Prefer: return=...` (FHIR R4, RESTful API 3.1.0.5). The resource comes back unless the client says otherwise. */
export function preferredReturn({ prefer = '' }: Headers): 'minimal' | 'representation' | 'OperationOutcome' {
  const wanted = /\breturn=(minimal|representation|OperationOutcome)\b/.exec(prefer)?.[1];
  return wanted === 'minimal' || wanted === 'OperationOutcome' ? wanted : 'representation';
}

/** `Prefer: handling=strict`: a parameter that nobody knows is an error. */
export const isStrict = ({ prefer = '' }: Headers): boolean => /\bhandling=strict\b/.test(prefer);

/** The version that `If-Match: W/"3"` names. @throws Problem invalid */
export function ifMatchVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"([1-9]\d{0,9})"\s*$/.exec(header)?.[1];
  if (version === undefined) throw new Problem('invalid', 'If-Match holds one version, as W/"3".');
  return Number(version);
}

/**
 * The client's own key of a write (`Idempotency-Key`), which makes its repeat harmless for a day.
 * @throws Problem invalid
 */
export function operationKeyOf(headers: Headers): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{8,128}$/.test(key))
    throw new Problem('invalid', 'Idempotency-Key has 8 to 128 visible ASCII characters, such as a UUID.');
  return key;
}
