import type { FhirResource } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { TrailQuestion } from '../audit/trail.ts';
import { Problem, said } from '../outcome.ts';
import { ServedRecords } from '../provenance/served-records.ts';
import type { Scope } from '../scope.ts';
import type {
  ChartQuery,
  HistoryEntry,
  IndexPage,
  NewResource,
  Page,
  RecordPage,
  Stored,
  Write,
  WriteOptions,
  WriteResult,
} from '../store/types.ts';
import { isMasked, portalView } from './portal-view.ts';

interface Reference {
  readonly type: string;
  readonly id: FhirId;
}
type PageOptions = { readonly count: number; readonly cursor?: string };

/**
 * The record store through the eyes of whoever asks. For a scope that is confined to one patient (`confinedTo`) every read answers what
 * `portalView` shows and nothing else, and no write is made: whatever an endpoint asks for, it cannot be told more.
 * Invariant: no method reaches the store with a confined scope and answers a record that has not been through `portalView`.
 */
export class ConfinedRecords extends ServedRecords {
  override async read<R extends FhirResource = FhirResource>(scope: Scope, type: string, id: FhirId): Promise<Stored<R>> {
    const { confinedTo } = scope;
    if (confinedTo === undefined) return super.read<R>(scope, type, id);
    // A Patient stands where its id says: another one is not even looked for.
    if (type === 'Patient' && id !== confinedTo) throw notFound();
    const found = await super.read<R>(scope, type, id).catch(asIfNeverThere);
    const shown = portalView(confinedTo, found);
    if (!shown) throw notFound();
    return shown;
  }

  /** A version is seen while the record is: what was withheld, moved or struck since takes its history along. */
  override async vread(scope: Scope, type: string, id: FhirId, version: number): Promise<Stored> {
    const { confinedTo } = scope;
    if (confinedTo === undefined) return super.vread(scope, type, id, version);
    const current = await this.read(scope, type, id);
    if (String(version) === current.meta.versionId) return current;
    if (isMasked(current)) throw notFound();
    const shown = portalView(confinedTo, await super.vread(scope, type, id, version).catch(asIfNeverThere));
    if (!shown) throw notFound();
    return shown;
  }

  override async history(scope: Scope, type: string, id: FhirId, page: PageOptions): Promise<Page<HistoryEntry>> {
    const { confinedTo } = scope;
    if (confinedTo === undefined) return super.history(scope, type, id, page);
    const current = await this.read(scope, type, id);
    const found = await super.history(scope, type, id, page);
    const items = found.items.flatMap((entry) => {
      const isOld = String(entry.version) !== current.meta.versionId;
      const resource = isOld && isMasked(current) ? undefined : entry.resource && portalView(confinedTo, entry.resource);
      return resource ? [{ ...entry, resource }] : [];
    });
    return { ...found, items };
  }

  override async existing(scope: Scope, references: readonly Reference[]): Promise<ReadonlySet<string>> {
    if (scope.confinedTo === undefined) return super.existing(scope, references);
    const seen = await this.readMany(scope, references);
    return new Set(seen.map(({ resourceType, id }) => `${resourceType}/${id}`));
  }

  override async readMany(scope: Scope, references: readonly Reference[]): Promise<readonly Stored[]> {
    const { confinedTo } = scope;
    if (confinedTo === undefined) return super.readMany(scope, references);
    const own = references.filter(({ type, id }) => type !== 'Patient' || id === confinedTo);
    return (await super.readMany(scope, own)).flatMap((record) => portalView(confinedTo, record) ?? []);
  }

  override async chart(scope: Scope, patient: FhirId, options: ChartQuery): Promise<RecordPage> {
    const { confinedTo } = scope;
    if (confinedTo === undefined) return super.chart(scope, patient, options);
    if (patient !== confinedTo) throw notFound();
    return seenBy(confinedTo, await super.chart(scope, patient, options));
  }

  override async chartByCode(
    scope: Scope,
    patient: FhirId,
    type: string,
    code: string,
    options: Pick<ChartQuery, 'fromTime' | 'toTime' | 'count' | 'cursor'>,
  ): Promise<RecordPage> {
    const { confinedTo } = scope;
    if (confinedTo === undefined) return super.chartByCode(scope, patient, type, code, options);
    if (patient !== confinedTo) throw notFound();
    return seenBy(confinedTo, await super.chartByCode(scope, patient, type, code, options));
  }

  /** Lists of the clinic's own are not a patient's to read: what their chart names is read by its id. */
  override async ofType(scope: Scope, type: string, options: PageOptions): Promise<RecordPage> {
    return scope.confinedTo === undefined ? super.ofType(scope, type, options) : NOTHING;
  }

  /** An index runs across charts: how long it is would already say something of other people. */
  override async byIndex(
    scope: Scope,
    type: string,
    parameter: string,
    match: { prefix: string } | { exact: string },
    options: PageOptions,
  ): Promise<IndexPage> {
    return scope.confinedTo === undefined ? super.byIndex(scope, type, parameter, match, options) : { ...NOTHING, values: [] };
  }

  override async indexRows(...asked: Parameters<ServedRecords['indexRows']>): ReturnType<ServedRecords['indexRows']> {
    return asked[0].confinedTo === undefined ? super.indexRows(...asked) : { items: [] };
  }

  /** Who else has an hour is for the booking kernel to know, which is given a scope of the clinic's. */
  override async taken(...asked: Parameters<ServedRecords['taken']>): ReturnType<ServedRecords['taken']> {
    refuseConfined(asked[0]);
    return super.taken(...asked);
  }
  override async inTheWay(...asked: Parameters<ServedRecords['inTheWay']>): ReturnType<ServedRecords['inTheWay']> {
    refuseConfined(asked[0]);
    return super.inTheWay(...asked);
  }

  override async transact(scope: Scope, writes: readonly Write[], options: WriteOptions = {}): Promise<readonly WriteResult[]> {
    refuseConfined(scope);
    return super.transact(scope, writes, options);
  }

  override async createMany(scope: Scope, records: readonly NewResource[]): Promise<readonly ('created' | 'present')[]> {
    refuseConfined(scope);
    return super.createMany(scope, records);
  }

  override async auditEvents(scope: Scope, question: TrailQuestion, page: PageOptions): Promise<RecordPage> {
    return scope.confinedTo === undefined ? super.auditEvents(scope, question, page) : NOTHING;
  }
  override async provenances(
    scope: Scope,
    question: TrailQuestion,
    page: PageOptions,
    options: { written: boolean },
  ): Promise<RecordPage> {
    return scope.confinedTo === undefined ? super.provenances(scope, question, page, options) : NOTHING;
  }
  override async provenancesOfRecord(scope: Scope, type: string, id: FhirId): Promise<readonly Stored[]> {
    return scope.confinedTo === undefined ? super.provenancesOfRecord(scope, type, id) : [];
  }
  override async provenancesOf(scope: Scope, records: readonly Stored[]): Promise<readonly Stored[]> {
    return scope.confinedTo === undefined ? super.provenancesOf(scope, records) : [];
  }
}

const notFound = (): Problem => new Problem('not-found', said('no-such-record'));

/** That a record of another chart was deleted is not told either. */
function asIfNeverThere(error: unknown): never {
  throw error instanceof Problem && error.kind === 'gone' ? notFound() : error;
}

const NOTHING: RecordPage = {
  items: [],
  cursorAfter: () => {
    throw new RangeError('There is nothing on this page.');
  },
};

/** The records of a page that are seen, as they are seen. */
function seenBy(patient: FhirId, page: RecordPage): RecordPage {
  const seen = page.items.flatMap((record, at) => {
    const shown = portalView(patient, record);
    return shown ? [{ shown, at }] : [];
  });
  return {
    ...page,
    items: seen.map(({ shown }) => shown),
    cursorAfter: (index) => page.cursorAfter(seen[index]?.at ?? index),
  };
}

/** @throws Problem forbidden: what a patient may change goes through the kernel that owns it, with a scope of the clinic's. */
function refuseConfined({ confinedTo }: Scope): void {
  if (confinedTo !== undefined) throw new Problem('forbidden', said('role-forbids'));
}
