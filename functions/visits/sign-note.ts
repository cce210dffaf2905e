import type {
  AllergyIntolerance,
  Appointment,
  Binary,
  Condition,
  DocumentReference,
  Encounter,
  FhirResource,
  Patient,
  Provenance,
  QuestionnaireResponse,
} from 'fhir/r4';
import { Problem, type ProblemIssue, said } from '../../core/outcome.ts';
import { zoneOfPlaces } from '../../core/scheduling/zone-of-places.ts';
import type { Scope } from '../../core/scope.ts';
import { signDocument } from '../../core/signing/signed-note.ts';
import { readIfThere } from '../../core/store/read-if-there.ts';
import type { Stored, Write, WriteResult } from '../../core/store/types.ts';
import { completionsOf } from '../../core/tasks/open-task.ts';
import { parseResource } from '../../schemas/fhir/index.ts';
import { FhirId } from '../../schemas/ids.ts';
import { itemsOf } from '../../schemas/note-template.ts';
import type { SignedNote } from '../../schemas/signed-note.ts';
import { profileFaults } from '../../schemas/us-core/profiles.ts';
import { SIGNED, type SignNote } from '../../schemas/visit.ts';
import { codedAnswers } from './coded-answers.ts';
import type { VisitsDeps } from './deps.ts';
import { type NoteDocument, type NoteParts, noteDocument, portalTags, sectionsOf, signerReference } from './note-document.ts';
import { idsOfDraft, type NoteIds } from './note-ids.ts';
import { noteOfVisit, patientIdOf, readSelf, refuseVisitThatIsNone, refuseWhoMayNotSign } from './reading.ts';
import { objectionsTo } from './rules/note-answers.ts';
import { mustTemplateOf } from './templates.ts';
import { vitalsOf } from './vitals-of.ts';
import { writeNoteTask } from './write-note-task.ts';

export interface Signed {
  readonly kind: 'created' | 'present';
  readonly reference: Stored<DocumentReference>;
}
export interface SignOrder extends SignNote {
  readonly visit: FhirId;
  /** The version that the signer has before them. */
  readonly version: number;
}

/** Against rivals: autosaves of a second tab, another person at the same visit, a second press of the button. */
const ATTEMPTS = 4;
/** Coded answers of one note: with what else the signature writes they fit into one transaction. */
const MOST_CODED = 16;

/**
 * Signs a visit's note: the final Composition and DocumentReference, the signed file, what its coded answers become, the signature, the visit's
 * end and the end of the task, in one transaction. Their ids follow from the draft, so a second press, a retry and a second tab find the first.
 * @throws Problem stale-version, conflict, rule-broken, forbidden, unavailable
 */
export async function signNote(deps: VisitsDeps, scope: Scope, order: SignOrder): Promise<Signed> {
  for (let attempt = 1; ; attempt++) {
    const [{ id, note }, encounter] = await Promise.all([
      noteOfVisit(deps.records, scope, order.visit),
      deps.records.read<Encounter>(scope, 'Encounter', order.visit),
    ]);
    if (!note) throw new Problem('not-found', said('no-such-record'));
    const ids = idsOfDraft(scope.tenant, id);
    if (note.status === 'completed') return alreadySigned(deps, scope, note, order, ids);
    if (Number(note.meta.versionId) !== order.version) throw new Problem('stale-version', said('note-changed'));
    try {
      return await sign(deps, scope, { draft: note, encounter }, order, ids);
    } catch (error) {
      const lost = error instanceof Problem && (error.kind === 'conflict' || error.kind === 'stale-version');
      if (!lost || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Of the place where the patient was seen. */
const zoneOfVisit = async ({ records, zoneOf }: VisitsDeps, scope: Scope, { location = [] }: Encounter): Promise<string> =>
  zoneOfPlaces(
    records,
    scope,
    location.flatMap(({ location: { reference } }) => FhirId.safeParse(reference?.replace(/^Location\//, '')).data ?? []),
    await zoneOf(scope),
  );

/** The same text, signed already, is the answer to whoever signs it again; another text was not, and its author is told. */
async function alreadySigned(
  { records }: VisitsDeps,
  scope: Scope,
  note: Stored<QuestionnaireResponse>,
  { version }: SignOrder,
  ids: NoteIds,
): Promise<Signed> {
  if (Number(note.meta.versionId) === version || Number(note.meta.versionId) === version + 1)
    return { kind: 'present', reference: await records.read<DocumentReference>(scope, 'DocumentReference', ids.reference) };
  throw new Problem('conflict', said('note-signed-meanwhile', { who: note.author?.display ?? '' }));
}

async function sign(
  deps: VisitsDeps,
  scope: Scope,
  { draft, encounter }: { draft: Stored<QuestionnaireResponse>; encounter: Stored<Encounter> },
  { withhold }: SignOrder,
  ids: NoteIds,
): Promise<Signed> {
  const { records, signer, now } = deps;
  const patientId = patientIdOf(encounter);
  if (draft.subject?.reference !== `Patient/${patientId}`) throw new Problem('rule-broken', said('note-other-patient'));
  refuseVisitThatIsNone(encounter);
  refuseWhoMayNotSign(scope, encounter);
  const at = now();
  const signing = readSelf(records, scope);
  const [self, completion, template, patient, standing, vitals, appointment, timeZone] = await Promise.all([
    signing,
    signing.then((one) =>
      completionsOf(
        records,
        scope,
        [{ kind: 'sign-note', key: `QuestionnaireResponse/${draft.id}` }, writeNoteTask(encounter.id)],
        signerReference(one),
        at,
      ),
    ),
    mustTemplateOf(records, scope, draft.questionnaire),
    records.read<Patient>(scope, 'Patient', patientId),
    standingIn(deps, scope, patientId),
    vitalsOf(deps, scope, patientId, encounter),
    fulfilment(deps, scope, encounter),
    zoneOfVisit(deps, scope, encounter),
  ]);
  refuse(objectionsTo(draft, template));
  const author = signerReference(self);
  const context = {
    patient: { reference: `Patient/${patientId}` },
    encounter: { reference: `Encounter/${encounter.id}` },
    signer: author,
  };
  const answers = codedAnswers(draft, itemsOf(template), { ...context, at: at.toISOString(), ...standing });
  if (answers.length > MOST_CODED) throw new Problem('rule-broken', said('note-too-long', { most: MOST_CODED }));
  // What a withheld note brings into the chart is withheld with it.
  const tag = withhold === undefined ? [] : portalTags(withhold);
  const coded = answers.map(({ linkId, resource }, index) => ({
    linkId,
    resource: { ...resource, id: ids.coded(index), meta: { ...resource.meta, ...(tag.length > 0 && { tag }) } },
  }));
  refuse(
    await objectionsToAll(
      deps,
      scope,
      coded.map(({ resource }) => resource),
    ),
  );

  const parts: NoteParts = {
    ids,
    draft,
    template,
    patient,
    signer: self,
    encounter,
    timeZone,
    vitals,
    coded,
    signedAt: at.toISOString(),
    ...(withhold !== undefined && { withhold }),
  };
  if (sectionsOf(parts).length === 0) throw new Problem('rule-broken', said('note-empty'));
  const document = noteDocument(parts);
  const signature = await signDocument(signer, document.bundle, {
    signer: { reference: author.reference ?? '', name: author.display ?? '' },
    clinic: scope.slug,
    signedAt: parts.signedAt,
    meaning: 'author',
  });
  const writes: Write[] = [
    ...(await recordsOf(deps, { ids, document, signature, signedAt: parts.signedAt, author })),
    ...coded.map(({ resource }): Write => ({ kind: 'create', id: resource.id, resource })),
    { kind: 'update', resource: document.response, ifMatch: Number(draft.meta.versionId) },
    ...endOf(encounter, at),
    ...appointment,
    ...completion,
  ];
  const results = await records.transact(scope, writes, { via: 'rest' });
  return { kind: 'created', reference: referenceIn(results) };
}

export const referenceIn = (results: readonly WriteResult[]): Stored<DocumentReference> => {
  const found = results.find(({ type }) => type === 'DocumentReference')?.resource;
  if (!found) throw new Error('Every signature writes a DocumentReference.');
  return found as Stored<DocumentReference>;
};

interface Signing {
  readonly ids: NoteIds;
  readonly document: Pick<NoteDocument, 'composition' | 'reference' | 'bundle'>;
  readonly signature: string;
  readonly signedAt: string;
  readonly author: ReturnType<typeof signerReference>;
}

/** What every signature writes: the note, the reference that charts find, the signed file and who signed. */
export async function recordsOf(
  { signer }: Pick<VisitsDeps, 'signer'>,
  { ids, document, signature, signedAt, author }: Signing,
): Promise<Write[]> {
  const { composition, reference, bundle } = document;
  const note: Omit<SignedNote, 'keys'> = {
    format: 'tessera-signed-note/1',
    document: bundle as SignedNote['document'],
    signature,
    key: await signer.publicKey(),
  };
  const file: Binary & { id: FhirId } = {
    resourceType: 'Binary',
    id: ids.file,
    meta: { tag: [SIGNED] },
    contentType: 'application/json',
    ...(composition.subject && { securityContext: composition.subject }),
    data: Buffer.from(JSON.stringify(note)).toString('base64'),
  };
  const provenance: Provenance & { id: FhirId } = {
    resourceType: 'Provenance',
    id: ids.provenance,
    meta: { tag: [SIGNED] },
    target: [{ reference: `DocumentReference/${ids.reference}` }, { reference: `Composition/${ids.composition}` }],
    recorded: signedAt,
    agent: [
      {
        type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type', code: 'author' }] },
        who: author,
      },
    ],
    entity: [{ role: 'source', what: { reference: `Binary/${ids.file}` } }],
    signature: [
      {
        type: [{ system: 'urn:iso-astm:E1762-95:2013', code: '1.2.840.10065.1.12.1.1', display: "Author's Signature" }],
        when: signedAt,
        who: author,
        targetFormat: 'application/fhir+json',
        sigFormat: 'application/jose',
        data: Buffer.from(signature).toString('base64'),
      },
    ],
  };
  return [composition, reference, file, provenance].map(
    (resource): Write => ({ kind: 'create', id: FhirId.parse(resource.id), resource }),
  );
}

/** The visit is over with its note: EncounterFinished follows from it (functions/record-events.ts). */
function endOf(encounter: Stored<Encounter>, at: Date): Write[] {
  if (encounter.status === 'finished') return [];
  const finished: Stored<Encounter> = {
    ...encounter,
    status: 'finished',
    period: { ...encounter.period, start: encounter.period?.start ?? at.toISOString(), end: at.toISOString() },
  };
  return [{ kind: 'update', resource: finished, ifMatch: Number(encounter.meta.versionId) }];
}

const WAS_KEPT = new Set<Appointment['status']>(['booked', 'arrived', 'checked-in']);
/** The appointment that the visit came from has been kept. What the desk has said of it otherwise stands. */
async function fulfilment({ records }: VisitsDeps, scope: Scope, encounter: Encounter): Promise<Write[]> {
  const id = FhirId.safeParse(encounter.appointment?.[0]?.reference?.replace(/^Appointment\//, ''));
  if (!id.success) return [];
  const appointment = await readIfThere<Appointment>(records, scope, 'Appointment', id.data);
  if (!appointment || !WAS_KEPT.has(appointment.status)) return [];
  const resource: Stored<Appointment> = { ...appointment, status: 'fulfilled' };
  return [{ kind: 'update', resource, ifMatch: Number(appointment.meta.versionId) }];
}

async function standingIn({ records }: VisitsDeps, scope: Scope, patient: FhirId) {
  const all = async <R extends FhirResource>(type: string) =>
    (await records.chart(scope, patient, { types: type, count: 500 })).items as readonly Stored[] as readonly Stored<R>[];
  const [conditions, allergies] = await Promise.all([all<Condition>('Condition'), all<AllergyIntolerance>('AllergyIntolerance')]);
  const active = ({ clinicalStatus, verificationStatus }: Condition | AllergyIntolerance): boolean =>
    !clinicalStatus?.coding?.some(({ code }) => code === 'resolved' || code === 'inactive' || code === 'remission') &&
    !verificationStatus?.coding?.some(({ code }) => code === 'entered-in-error' || code === 'refuted');
  return { conditions: conditions.filter(active), allergies: allergies.filter(active) };
}

/** Shape, profiles and the clinic's rules: what a note brings into the chart obeys them like anything else. */
async function objectionsToAll(
  { rules, records }: VisitsDeps,
  scope: Scope,
  resources: readonly FhirResource[],
): Promise<readonly ProblemIssue[]> {
  const found = await Promise.all(
    resources.map(async (resource) => {
      const parsed = parseResource(resource, { type: resource.resourceType });
      const shape = 'issues' in parsed ? parsed.issues : profileFaults(resource);
      const own = await Promise.all(
        (rules.write[resource.resourceType] ?? []).map((rule) => rule(resource, { scope, records, alongside: resources })),
      );
      return [...shape.map(({ text, expression, code }) => ({ text, path: expression, code })), ...own.flat()];
    }),
  );
  return found.flat();
}

function refuse(issues: readonly ProblemIssue[]): void {
  if (issues.length > 0) throw new Problem('rule-broken', issues);
}
