import type { DocumentReference, Encounter, Patient } from 'fhir/r4';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import { signDocument } from '../../core/signing/signed-note.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import { releaseOf, withheldReasonOf } from '../../schemas/portal-records.ts';
import { SIGNED } from '../../schemas/visit.ts';
import type { VisitsDeps } from './deps.ts';
import { narrativeOf } from './narrative.ts';
import { bundleOf, documentReference, type NoteDocument, peopleOf, signerReference } from './note-document.ts';
import { idsOfAddendum } from './note-ids.ts';
import { idOf, readSelf, refuseStruck, refuseWhoMayNotSign } from './reading.ts';
import { recordsOf, referenceIn, type Signed } from './sign-note.ts';
import { readSignedFile } from './signed-file.ts';

export interface AddendumOrder {
  /** The DocumentReference of the signed note. */
  readonly to: FhirId;
  readonly text: string;
  /** The author's own key, the same for every repeat. */
  readonly attempt: string;
  readonly origin: string;
}

/**
 * Adds to a signed note, which stays as it is: a text of its own, signed itself, that names what it belongs to.
 * @throws Problem not-found, rule-broken, forbidden
 */
export async function addAddendum(deps: VisitsDeps, scope: Scope, { to, text, attempt, origin }: AddendumOrder): Promise<Signed> {
  const { records, signer, now } = deps;
  const ids = idsOfAddendum(scope.tenant, to, `${scope.user.id}/${attempt}`);
  const present = await readIfThere<DocumentReference>(records, scope, 'DocumentReference', ids.reference);
  if (present) return { kind: 'present', reference: present };
  const { reference: original, bundle } = await readSignedFile(records, scope, to, origin);
  refuseStruck(original);
  const visitId = idOf(original.context?.encounter?.[0]?.reference?.slice('Encounter/'.length));
  const [self, encounter, patient] = await Promise.all([
    readSelf(records, scope),
    records.read<Encounter>(scope, 'Encounter', visitId),
    records.read<Patient>(scope, 'Patient', idOf(patientOf(original))),
  ]);
  refuseWhoMayNotSign(scope, encounter);
  const signedAt = now().toISOString();
  const author = signerReference(self);
  const subject = { reference: `Patient/${patient.id}` };
  const visit = { reference: `Encounter/${encounter.id}` };
  const type = original.type ?? { text: '' };
  const title = type.text ?? '';
  const before = bundle.entry?.find(({ resource }) => resource?.resourceType === 'Composition')?.resource;
  const composition: NoteDocument['composition'] = {
    resourceType: 'Composition',
    id: ids.composition,
    meta: { tag: [SIGNED] },
    status: 'final',
    type,
    subject,
    encounter: visit,
    date: signedAt,
    author: [author],
    title,
    attester: [{ mode: 'professional', time: signedAt, party: author }],
    relatesTo: [{ code: 'appends', targetReference: { reference: `Composition/${before?.id}` } }],
    section: [{ title, text: narrativeOf(text) }],
  };
  const withhold = releaseOf(original) === 'withheld' ? (withheldReasonOf(original) ?? 'review') : undefined;
  const reference: NoteDocument['reference'] = {
    ...documentReference(
      // What is added to a note that the patient does not see is not shown either.
      { ids, signedAt, encounter, ...(withhold && { withhold }) },
      { type, title, text, author, subject, visit },
    ),
    relatesTo: [{ code: 'appends', target: { reference: `DocumentReference/${original.id}` } }],
  };
  const document = bundleOf(ids, signedAt, [composition, reference, ...peopleOf({ patient, signer: self })]);
  const signature = await signDocument(signer, document, {
    signer: { reference: author.reference ?? '', name: author.display ?? '' },
    clinic: scope.slug,
    signedAt,
    meaning: 'author',
  });
  const writes = await recordsOf(deps, {
    ids,
    document: { composition, reference, bundle: document },
    signature,
    signedAt,
    author,
  });
  try {
    return { kind: 'created', reference: referenceIn(await records.transact(scope, writes, { via: 'rest' })) };
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'conflict') throw error;
    return { kind: 'present', reference: await records.read<DocumentReference>(scope, 'DocumentReference', ids.reference) };
  }
}
