import type { Binary, Bundle, DocumentReference, FhirResource } from 'fhir/r4';
import { Problem, said } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { isSameJson } from '../../core/signing/canonical.ts';
import type { Signer } from '../../core/signing/jws.ts';
import { verdictOn } from '../../core/signing/signed-note.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { FhirId } from '../../schemas/ids.ts';
import { PORTAL_TAG, WITHHELD_REASON_TAG } from '../../schemas/portal-records.ts';
import { SignedNote, type Verdict } from '../../schemas/signed-note.ts';
import { isSigned, STRUCK } from '../../schemas/visit.ts';
import { idOf } from './reading.ts';

export const KEYS_PATH = '/api/platform/signing-keys';

export interface SignedFile {
  readonly reference: Stored<DocumentReference>;
  readonly file: SignedNote;
  readonly bundle: Bundle<FhirResource>;
}

/** A signed note with its file. @throws Problem not-found, rule-broken when it is no note that was signed here */
export async function readSignedFile(
  records: Pick<Records, 'read'>,
  scope: Scope,
  id: FhirId,
  origin: string,
): Promise<SignedFile> {
  const reference = await records.read<DocumentReference>(scope, 'DocumentReference', id);
  const address = reference.content.map(({ attachment }) => /^Binary\/(.+)$/.exec(attachment.url ?? '')?.[1]).find(Boolean);
  if (!isSigned(reference) || !address) throw new Problem('rule-broken', said('visit-over-not-signed'));
  const { data = '' } = await records.read<Binary>(scope, 'Binary', idOf(address));
  const file = SignedNote.parse({
    ...(JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as object),
    keys: `${origin}${KEYS_PATH}`,
  });
  return { reference, file, bundle: file.document as unknown as Bundle<FhirResource> };
}

/** Types of which a signature closes the record itself; what else is in the document goes its own way afterwards. */
const CLOSED = new Set<string>(['Composition', 'QuestionnaireResponse', 'DocumentReference']);

/** The records that a signature covers, as the document has them. */
export const closedIn = (bundle: Bundle<FhirResource>): readonly FhirResource[] =>
  (bundle.entry ?? []).flatMap(({ resource }) => (resource && CLOSED.has(resource.resourceType) ? [resource] : []));

/** Whether the file is good, and the chart still says what was signed: somebody may have changed the table behind our back. */
export async function checkNote(
  { records, signer }: { readonly records: Records; readonly signer: Signer },
  scope: Scope,
  { file, bundle }: SignedFile,
): Promise<Verdict> {
  const verdict = verdictOn(file, { keys: [await signer.publicKey()] });
  if (verdict.kind !== 'valid') return verdict;
  const closed = closedIn(bundle);
  const stored = await records.readMany(
    scope,
    closed.map(({ resourceType, id }) => ({ type: resourceType, id: FhirId.parse(id) })),
  );
  const same = closed.every((signed) => {
    const now = stored.find(({ resourceType, id }) => resourceType === signed.resourceType && id === signed.id);
    return now !== undefined && isSameJson(asSigned(now), asSigned(signed));
  });
  return same ? verdict : { kind: 'altered', what: 'document' };
}

/** Without the version, and what may be added to a signed record: that it was struck, or is withheld. */
function asSigned(resource: FhirResource): unknown {
  const { meta, ...rest } = resource as FhirResource & { status?: string; extension?: { url: string }[] };
  const struck = rest.extension?.some(({ url }) => url === STRUCK) === true;
  const extension = rest.extension?.filter(({ url }) => url !== STRUCK) ?? [];
  const tags = meta?.tag?.filter(({ system }) => system !== PORTAL_TAG && system !== WITHHELD_REASON_TAG) ?? [];
  const status = struck ? STATUS_BEFORE[resource.resourceType] : rest.status;
  return { ...rest, ...(status && { status }), extension, meta: { profile: meta?.profile ?? [], tag: tags } };
}
/** Only a final note is struck. */
const STATUS_BEFORE: Readonly<Record<string, string>> = {
  Composition: 'final',
  DocumentReference: 'current',
  QuestionnaireResponse: 'completed',
};
