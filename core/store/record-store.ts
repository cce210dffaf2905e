import type { FhirResource } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { Interval } from '../../schemas/intervals.ts';
import type { Actor } from '../scheduling/claims.ts';
import type { Taken } from '../scheduling/time-taken.ts';
import type { Scope } from '../scope.ts';
import { byIndex, chart, chartByCode, indexRows, ofType } from './chart.ts';
import type { StoreContext } from './context.ts';
import { createMany } from './create-many.ts';
import { inTheWay, takenWithin } from './day-book.ts';
import { history } from './history.ts';
import type { IndexMatch } from './keys.ts';
import { existing, type Reference, read, readMany, readVersion } from './read.ts';
import type {
  ChartQuery,
  CreateOptions,
  HistoryEntry,
  IndexPage,
  IndexRow,
  NewResource,
  Page,
  RecordPage,
  Records,
  Stored,
  Write,
  WriteOptions,
  WriteResult,
} from './types.ts';
import { writeAll } from './write.ts';

type PageOptions = { readonly count: number; readonly cursor?: string };

/** The record store over DynamoDB. Each method is told in a file of its own; the tenant is read from the scope and from nowhere else. */
export class RecordStore implements Records {
  readonly #context: StoreContext;
  constructor(context: StoreContext) {
    this.#context = context;
  }

  async create<R extends FhirResource>(
    scope: Scope,
    resource: R,
    options: WriteOptions & CreateOptions = {},
  ): Promise<Stored<R>> {
    const [result] = await this.transact(scope, [{ ...options, kind: 'create', resource }], options);
    return result?.resource as Stored<R>;
  }

  read<R extends FhirResource = FhirResource>(scope: Scope, type: string, id: FhirId): Promise<Stored<R>> {
    return read<R>(this.#context, scope, type, id);
  }

  vread(scope: Scope, type: string, id: FhirId, version: number): Promise<Stored> {
    return readVersion(this.#context, scope, type, id, version);
  }

  async update<R extends FhirResource>(
    scope: Scope,
    resource: R & { id: string },
    options: WriteOptions & { ifMatch?: number; events?: readonly string[] } = {},
  ): Promise<WriteResult & { resource: Stored<R> }> {
    const [result] = await this.transact(scope, [{ ...options, kind: 'update', resource }], options);
    return result as WriteResult & { resource: Stored<R> };
  }

  async delete(scope: Scope, type: string, id: FhirId, options: WriteOptions & { ifMatch?: number } = {}): Promise<WriteResult> {
    const [result] = await this.transact(scope, [{ ...options, kind: 'delete', type, id }], options);
    return result as WriteResult;
  }

  history(scope: Scope, type: string, id: FhirId, page: PageOptions): Promise<Page<HistoryEntry>> {
    return history(this.#context, scope, type, id, page);
  }

  transact(scope: Scope, writes: readonly Write[], options: WriteOptions = {}): Promise<readonly WriteResult[]> {
    return writeAll(this.#context, scope, writes, options);
  }

  createMany(scope: Scope, records: readonly NewResource[]): Promise<readonly ('created' | 'present')[]> {
    return createMany(this.#context, scope, records);
  }

  existing(scope: Scope, references: readonly Reference[]): Promise<ReadonlySet<string>> {
    return existing(this.#context, scope, references);
  }

  readMany(scope: Scope, references: readonly Reference[]): Promise<readonly Stored[]> {
    return readMany(this.#context, scope, references);
  }

  chart(scope: Scope, patient: FhirId, options: ChartQuery): Promise<RecordPage> {
    return chart(this.#context, scope, patient, options);
  }

  chartByCode(
    scope: Scope,
    patient: FhirId,
    type: string,
    code: string,
    options: Pick<ChartQuery, 'fromTime' | 'toTime' | 'count' | 'cursor'>,
  ): Promise<RecordPage> {
    return chartByCode(this.#context, scope, patient, type, code, options);
  }

  ofType(scope: Scope, type: string, options: PageOptions): Promise<RecordPage> {
    return ofType(this.#context, scope, type, options);
  }

  byIndex(scope: Scope, type: string, parameter: string, match: IndexMatch, options: PageOptions): Promise<IndexPage> {
    return byIndex(this.#context, scope, type, parameter, match, options);
  }

  indexRows(
    scope: Scope,
    type: string,
    parameter: string,
    match: IndexMatch,
    options: PageOptions & { readonly order?: 'ascending' | 'descending' },
  ): Promise<Page<IndexRow>> {
    return indexRows(this.#context, scope, type, parameter, match, options);
  }

  taken(scope: Scope, actors: readonly Actor[], within: Interval): Promise<readonly Taken[]> {
    return takenWithin(this.#context, scope, actors, within);
  }

  inTheWay(scope: Scope, resource: FhirResource): Promise<readonly Taken[]> {
    return inTheWay(this.#context, scope, resource);
  }
}
