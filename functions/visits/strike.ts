import type { CodeableConcept, DocumentReference, Encounter, FhirResource } from 'fhir/r4';
import { Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Stored, Write } from '../../core/store/types.ts';
import { openingWrites } from '../../core/tasks/open-task.ts';
import { taskText } from '../../core/tasks/task-text.ts';
import { FhirId } from '../../schemas/ids.ts';
import { STRUCK, type StrikeNote } from '../../schemas/visit.ts';
import type { VisitsDeps } from './deps.ts';
import { VITALS_CODE } from './note-document.ts';
import { idOf, isStruck, readSelf, refuseWhoMayNotSign } from './reading.ts';
import { referenceIn, type Signed } from './sign-note.ts';
import { closedIn, readSignedFile } from './signed-file.ts';
import { vitalsOf } from './vitals-of.ts';
import { addendaTo } from './workspace.ts';

export interface StrikeOrder extends StrikeNote {
  readonly note: FhirId;
  readonly origin: string;
}
const ATTEMPTS = 4;

/**
 * Strikes a signed note: it stays to be read and says that it is not to be used, and why. What its coded answers brought into the chart is
 * taken back with it; of the wrong patient also the visit and its measurements. All in one transaction, but for measurements that the note
 * does not hold: those follow at once, since there may be more of them than a transaction has room for. A repeat goes on with them.
 * @throws Problem not-found, rule-broken, forbidden, conflict
 */
export async function strikeNote(deps: VisitsDeps, scope: Scope, order: StrikeOrder): Promise<Signed> {
  const signed = await tried(() => strike(deps, scope, order));
  if (order.kind === 'wrong-patient') while ((await tried(() => strikeMeasured(deps, scope, signed.reference, order))) > 0);
  return signed;
}

async function tried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const lost = error instanceof Problem && (error.kind === 'conflict' || error.kind === 'stale-version');
      if (!lost || attempt === ATTEMPTS) throw error;
    }
  }
}

/** What was measured at a visit that was the wrong patient's, after the signature too; answers how many were struck. */
async function strikeMeasured(
  deps: VisitsDeps,
  scope: Scope,
  reference: DocumentReference,
  { reason }: StrikeOrder,
): Promise<number> {
  const encounter = await deps.records.read<Encounter>(scope, 'Encounter', visitOf(reference));
  if (encounter.status !== 'entered-in-error') return 0;
  refuseWhoMayNotSign(scope, encounter);
  const measured = await vitalsOf(deps, scope, patientIn(reference), encounter);
  if (measured.length > 0) await deps.records.transact(scope, strikesOf(measured, reason), { via: 'rest' });
  return measured.length;
}

const visitOf = ({ context }: DocumentReference): FhirId => idOf(context?.encounter?.[0]?.reference?.slice('Encounter/'.length));
const patientIn = ({ subject }: DocumentReference): FhirId => idOf(subject?.reference?.slice('Patient/'.length));

const strikesOf = (targets: readonly Stored[], reason: string): Write[] =>
  targets.flatMap((one): Write[] => {
    const next = inError(one, reason);
    return next ? [{ kind: 'update', resource: next, ifMatch: Number(one.meta.versionId) }] : [];
  });

async function strike(deps: VisitsDeps, scope: Scope, { note, kind, reason, origin }: StrikeOrder): Promise<Signed> {
  const { records, now } = deps;
  const { reference, bundle } = await readSignedFile(records, scope, note, origin);
  if (isStruck(reference)) return { kind: 'present', reference };
  const encounter = await records.read<Encounter>(scope, 'Encounter', visitOf(reference));
  refuseWhoMayNotSign(scope, encounter);
  await readSelf(records, scope);
  const isMain = reference.relatesTo === undefined;
  const wrongPatient = kind === 'wrong-patient' && isMain;
  const closed = closedIn(bundle).map(nameOf);
  const found = await records.readMany(scope, [...closed, ...consequencesIn(bundle.entry, wrongPatient)].map(toReference));
  const addenda = wrongPatient ? await addendaTo(deps, scope, patientIn(reference), reference) : [];
  const targets: readonly Stored[] = [...found, ...addenda, ...(wrongPatient ? [encounter] : [])];
  const writes: Write[] = [
    ...strikesOf(targets, reason),
    ...(wrongPatient ? await voidCharges(deps, scope, encounter, now()) : []),
  ];
  return { kind: 'created', reference: referenceIn(await records.transact(scope, writes, { via: 'rest' })) };
}

const nameOf = ({ resourceType, id }: FhirResource): string => `${resourceType}/${id}`;
const toReference = (name: string) => {
  const [type = '', id] = name.split('/');
  return { type, id: FhirId.parse(id) };
};

/** What the note's answers became; of the wrong patient also what was measured. */
function consequencesIn(entries: NonNullable<Parameters<typeof closedIn>[0]['entry']> = [], measurementsToo: boolean): string[] {
  const composition = entries.find(({ resource }) => resource?.resourceType === 'Composition')?.resource;
  if (composition?.resourceType !== 'Composition') return [];
  return (composition.section ?? [])
    .filter(({ code }) => measurementsToo || !code?.coding?.some((coding) => coding.code === VITALS_CODE.code))
    .flatMap(({ entry = [] }) => entry.flatMap(({ reference }) => reference ?? []));
}

const ERROR: CodeableConcept = { coding: [{ code: 'entered-in-error' }] };
const verification = (system: string): CodeableConcept => ({
  coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, ...ERROR.coding?.[0] }],
});

/** The record as one that is not to be used; undefined when it is that already. */
function inError(resource: Stored, reason: string): Stored | undefined {
  const because = { url: STRUCK, valueString: reason };
  switch (resource.resourceType) {
    case 'Condition': {
      const { clinicalStatus: _, ...rest } = resource; // con-5: none when it was an error
      return { ...rest, verificationStatus: verification('condition-ver-status') };
    }
    case 'AllergyIntolerance': {
      const { clinicalStatus: _, ...rest } = resource; // ait-2
      return { ...rest, verificationStatus: verification('allergyintolerance-verification') };
    }
    case 'Observation':
    case 'Encounter':
      return resource.status === 'entered-in-error' ? undefined : { ...resource, status: 'entered-in-error' };
    case 'Composition':
    case 'DocumentReference':
    case 'QuestionnaireResponse':
      return isStruck(resource)
        ? undefined
        : { ...resource, status: 'entered-in-error', extension: [...(resource.extension ?? []), because] };
    default:
      return undefined;
  }
}

/** What was charged for a visit that was not this patient's: somebody of billing looks. */
const voidCharges = (
  deps: VisitsDeps,
  scope: Scope,
  encounter: Encounter & { id: string },
  now: Date,
): Promise<readonly Write[]> =>
  openingWrites(
    deps.records,
    scope,
    {
      kind: 'to-do',
      key: `struck-visit/${encounter.id}`,
      pool: 'biller',
      ...(encounter.subject && { for: encounter.subject }),
      focus: { reference: `Encounter/${encounter.id}` },
      encounter: { reference: `Encounter/${encounter.id}` },
      description: taskText('struck-visit-charges'),
    },
    { now },
  );
