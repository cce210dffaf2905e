/**
 * Takes back what one import created: whatever nobody has changed since, and nothing that stays refers to.
 * Restartable: each run looks anew at what is still there, and what is deleted already is done.
 */
import type { FhirResource } from 'fhir/r4';
import { isGone, Problem } from '../../core/outcome.ts';
import type { Scope } from '../../core/scope.ts';
import type { Records, Stored } from '../../core/store/types.ts';
import { patientOf } from '../../schemas/fhir/compartment.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { KeptReason, UndoProgress } from '../../schemas/imports.ts';
import type { ImportJob } from './jobs.ts';
import type { ImportTrail } from './s3-files.ts';
import { keptOf, layersOf } from './undo-plan.ts';

export type UndoRecords = Pick<Records, 'readMany' | 'chart' | 'delete'>;

export interface UndoDeps {
  readonly trail: ImportTrail;
  readonly undo: UndoRecords;
}

const PAGE = 1_000;
/** Deletes under way at a time. */
const LANES = 6;
/** Deletes between two saves of the progress. */
const SAVE_EVERY = 120;
const KEPT_TOLD = 200;

const nameOf = ({ resourceType, id }: FhirResource): string => `${resourceType}/${id}`;

/** Whether it is finished; false when `save` asked to stop. */
export async function undoImport(
  { trail, undo: records }: UndoDeps,
  scope: Scope,
  job: ImportJob,
  save: (progress: UndoProgress) => Promise<boolean>,
): Promise<boolean> {
  const created = await createdBy(trail, scope, job);
  const here = await records.readMany(
    scope,
    [...created].map((name) => ({ type: name.split('/')[0] ?? '', id: name.split('/')[1] as FhirId })),
  );
  const patients = new Set(here.flatMap((record) => patientOf(record) ?? []));
  const outside = await outsiders(records, scope, patients, created);
  const kept = keptOf(here, outside);
  const doomed = here.filter((record) => !kept.has(nameOf(record)));

  const before = job.undo as UndoProgress;
  const state: UndoProgress = {
    ...before,
    gone: created.size - here.length - before.deleted,
    ...told(kept),
    left: doomed.length,
  };
  let unsaved = 0;
  for (const layer of layersOf(doomed)) {
    for (let first = 0; first < layer.length; first += LANES) {
      const results = await Promise.all(layer.slice(first, first + LANES).map((record) => takeBack(records, scope, record)));
      for (const [index, result] of results.entries()) {
        const record = layer[first + index];
        if (result === 'deleted') state.deleted++;
        else if (result === 'gone') state.gone++;
        else if (record) keep(state, nameOf(record), result);
      }
      state.left = (state.left ?? 0) - results.length;
      unsaved += results.length;
      if (unsaved < SAVE_EVERY) continue;
      unsaved = 0;
      if (!(await save(structuredClone(state)))) return false;
    }
  }
  await save({ ...state, left: 0 });
  return true;
}

async function createdBy(trail: ImportTrail, scope: Scope, job: ImportJob): Promise<ReadonlySet<string>> {
  const chunks = job.progress.flatMap(({ createdIn = [] }, file) => createdIn.map((first) => ({ file, first })));
  const names: string[] = [];
  for (const { file, first } of chunks) names.push(...(await trail.readCreated(scope, job.id, file, first)));
  return new Set(names);
}

/** What stands in these charts and came another way. */
async function outsiders(
  records: UndoRecords,
  scope: Scope,
  patients: ReadonlySet<FhirId>,
  created: ReadonlySet<string>,
): Promise<readonly Stored[]> {
  const found: Stored[] = [];
  for (const patient of patients) {
    for (const compartment of ['clinical', 'admin'] as const) {
      for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
        const page = await records.chart(scope, patient, { compartment, count: PAGE, ...(cursor !== undefined && { cursor }) });
        found.push(...page.items.filter((record) => !created.has(nameOf(record))));
        cursor = page.cursor;
      }
    }
  }
  return found;
}

function told(kept: ReadonlyMap<string, KeptReason>): Pick<UndoProgress, 'kept' | 'keptRecords'> {
  const state = { kept: { changed: 0, referenced: 0, shared: 0 }, keptRecords: [] };
  for (const [reference, why] of kept) keep(state, reference, why);
  return state;
}
function keep(state: Pick<UndoProgress, 'kept' | 'keptRecords'>, reference: string, why: KeptReason): void {
  state.kept[why]++;
  if (state.keptRecords.length < KEPT_TOLD) state.keptRecords.push({ reference, why });
}

/** Only the version that the import wrote; and a patient only when the chart is empty by now: somebody may have written since we looked. */
async function takeBack(records: UndoRecords, scope: Scope, record: Stored): Promise<'deleted' | 'gone' | KeptReason> {
  const { resourceType: type, id } = record;
  try {
    if (type === 'Patient' && (await hasChart(records, scope, id as FhirId))) return 'referenced';
    const { kind } = await records.delete(scope, type, id as FhirId, { ifMatch: 1, via: 'import' });
    return kind === 'deleted' ? 'deleted' : 'gone';
  } catch (error) {
    if (error instanceof Problem && (error.kind === 'stale-version' || error.kind === 'conflict')) return 'changed';
    if (isGone(error)) return 'gone';
    throw error;
  }
}

async function hasChart(records: UndoRecords, scope: Scope, patient: FhirId): Promise<boolean> {
  for (const compartment of ['clinical', 'admin'] as const) {
    const { items } = await records.chart(scope, patient, { compartment, count: 2 });
    if (items.some(({ resourceType }) => resourceType !== 'Patient')) return true;
  }
  return false;
}
