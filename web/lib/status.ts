import type { FhirResource } from 'fhir/r4';

/** How far a record may be trusted as it stands. Anything but `settled` looks different and says why. */
export type Trust = 'settled' | 'preliminary' | 'amended' | 'unconfirmed' | 'entered-in-error' | 'not-done';

export interface StatusOf {
  /** The record's own status code: a key of the catalogue's `status` words where we have one. */
  readonly code: string | undefined;
  readonly trust: Trust;
  /** Holds now, as opposed to being over. */
  readonly current: boolean;
}

const TRUST: Record<string, Trust> = {
  preliminary: 'preliminary',
  registered: 'preliminary',
  partial: 'preliminary',
  draft: 'preliminary',
  unconfirmed: 'unconfirmed',
  provisional: 'unconfirmed',
  differential: 'unconfirmed',
  amended: 'amended',
  corrected: 'amended',
  appended: 'amended',
  'entered-in-error': 'entered-in-error',
  'not-done': 'not-done',
  cancelled: 'not-done',
  noshow: 'not-done',
  refuted: 'not-done',
};

/** Statuses that say "this is over". */
const PAST = new Set([
  'resolved',
  'inactive',
  'remission',
  'stopped',
  'completed',
  'cancelled',
  'ended',
  'refuted',
  'entered-in-error',
  'superseded',
  'finished',
  'not-done',
  'expired',
  'abated',
  'noshow',
  'fulfilled',
]);

const codeIn = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  const concept = value as { coding?: { code?: string }[] } | undefined;
  return concept?.coding?.[0]?.code;
};

/** The status that a reader needs: of a problem or allergy its clinical status, unless its verification takes that back. */
export function statusOf(resource: FhirResource): StatusOf {
  const fields = resource as { status?: unknown; clinicalStatus?: unknown; verificationStatus?: unknown; docStatus?: unknown };
  const verification = codeIn(fields.verificationStatus);
  const clinical = codeIn(fields.clinicalStatus) ?? codeIn(fields.status);
  const withdrawn = verification === 'entered-in-error' || verification === 'refuted';
  const code = withdrawn ? verification : (clinical ?? verification);
  const trust = TRUST[verification ?? ''] ?? TRUST[codeIn(fields.docStatus) ?? ''] ?? TRUST[code ?? ''] ?? 'settled';
  return { code, trust, current: !PAST.has(code ?? '') };
}
