import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { FhirResource, Meta } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import type { Interval } from '../../schemas/intervals.ts';
import type { Problem } from '../outcome.ts';
import type { Actor } from '../scheduling/claims.ts';
import type { Taken } from '../scheduling/time-taken.ts';
import type { Scope } from '../scope.ts';
import type { Origin } from './codec.ts';
import type { IndexMatch } from './keys.ts';

/** A resource as stored: it has an id, and its meta carries versionId ("1", "2", ...) and lastUpdated (UTC, milliseconds). */
export type Stored<R extends FhirResource = FhirResource> = R & {
  id: string;
  meta: Meta & { versionId: string; lastUpdated: string };
};

/** One intended write. `ifMatch` is the version number of an If-Match header. */
export type Write =
  | ({ readonly kind: 'create'; readonly resource: FhirResource } & CreateOptions)
  | {
      readonly kind: 'update';
      readonly resource: FhirResource & { id: string };
      readonly ifMatch?: number;
      readonly events?: readonly string[];
      /** Said by the booking kernel alone: visits whose minutes this Appointment may take too. */
      readonly overbook?: readonly FhirId[];
    }
  | { readonly kind: 'delete'; readonly type: string; readonly id: FhirId; readonly ifMatch?: number };

export interface CreateOptions {
  readonly id?: FhirId;
  /** Where an imported record came from: its meta.source, unless it names one itself. */
  readonly source?: string;
  /** The criteria of a conditional create (If-None-Exist), in one spelling: of two racers with the same ones, one gets `conflict`. */
  readonly onlyOne?: string;
  /** Names of what happened ("AppointmentBooked"): the stream forwards them, with the record's type, id and version. */
  readonly events?: readonly string[];
  /** Said by the booking kernel alone: visits whose minutes this Appointment may take too. */
  readonly overbook?: readonly FhirId[];
}

/** One record of a bulk load. */
export interface NewResource {
  readonly resource: FhirResource;
  readonly id: FhirId;
  readonly source?: string;
}

export interface WriteResult {
  readonly kind: 'created' | 'updated' | 'unchanged' | 'deleted';
  readonly type: string;
  readonly id: FhirId;
  readonly version: number;
  /** UTC instant with milliseconds. */
  readonly lastUpdated: string;
  /** Absent after a delete. */
  readonly resource?: Stored;
}

export interface WriteOptions {
  /** Makes a repeat harmless: the same key within a day answers the first result again. */
  readonly operationKey?: string;
  /** Said in the audit row when the write is part of something larger: "transaction", "import". */
  readonly via?: 'rest' | 'batch' | 'transaction' | 'import';
  /** Why it was done, where a person had to say so: in the AuditEvent. */
  readonly reason?: string;
  /** Rows of a feature's own that are written in the same transaction, or not at all; `lost` says so when a condition of theirs failed. */
  readonly beside?: { readonly items: readonly TransactWriteItem[]; readonly lost: () => Problem };
}

export interface HistoryEntry {
  readonly version: number;
  readonly lastUpdated: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Absent for the version that says "deleted". */
  readonly resource?: Stored;
  readonly origin: Origin;
}

/** A page, and where the next one begins. A cursor is opaque, bound to its query and holds no patient data in the clear. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor?: string;
}

/** A page of records that a reader may stop in the middle of, because its filter has found enough. */
export interface RecordPage extends Page<Stored> {
  /** The cursor with which the next page begins right after `items[index]`. */
  cursorAfter(index: number): string;
}

/** A page of index rows' records: a record stands here once for each of its values that match, in the order of the values. */
export interface IndexPage extends RecordPage {
  /** The index value (as `indexValues` gave it, at most as much of it as the key holds) that found the item of the same position. */
  readonly values: readonly string[];
}

/** A range of one partition's sort keys, inclusive `from`, exclusive `to`, as raw key strings made by keys.ts. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The record store. All reads are strongly consistent.
 * Writes are one TransactWriteItems each: record, locator, past version, code and index rows, audit row, operation key.
 */
export interface Records {
  create<R extends FhirResource>(scope: Scope, resource: R, options?: WriteOptions & CreateOptions): Promise<Stored<R>>;
  /** @throws Problem not-found, gone */
  read<R extends FhirResource = FhirResource>(scope: Scope, type: string, id: FhirId): Promise<Stored<R>>;
  /** @throws Problem not-found; gone when that version says "deleted" */
  vread(scope: Scope, type: string, id: FhirId, version: number): Promise<Stored>;
  /** Creates when the id is free (FHIR update-as-create). A delete is followed by a version that revives. @throws Problem stale-version, conflict */
  update<R extends FhirResource>(
    scope: Scope,
    resource: R & { id: string },
    options?: WriteOptions & { ifMatch?: number; events?: readonly string[] },
  ): Promise<WriteResult & { resource: Stored<R> }>;
  /** Deleting what is deleted already is 'unchanged'. @throws Problem not-found, stale-version, conflict */
  delete(scope: Scope, type: string, id: FhirId, options?: WriteOptions & { ifMatch?: number }): Promise<WriteResult>;
  /** Newest first. */
  history(scope: Scope, type: string, id: FhirId, page: { count: number; cursor?: string }): Promise<Page<HistoryEntry>>;
  /** All or nothing. @throws Problem too-large when it needs more than 100 items. */
  transact(scope: Scope, writes: readonly Write[], options?: WriteOptions): Promise<readonly WriteResult[]>;
  /**
   * Many creates, in as few transactions as their number allows, each record all or nothing. What stands under an id already (also a
   * deleted record) is left as it is: 'present'. The results are in the order of the records.
   */
  createMany(scope: Scope, records: readonly NewResource[]): Promise<readonly ('created' | 'present')[]>;
  /** Which of these exist (deleted ones do not count), by "Type/id". At most a few BatchGetItem calls. */
  existing(scope: Scope, references: readonly { type: string; id: FhirId }[]): Promise<ReadonlySet<string>>;
  /** Many by id; missing and deleted ones are left out. */
  readMany(scope: Scope, references: readonly { type: string; id: FhirId }[]): Promise<readonly Stored[]>;
  /** A patient's chart, newest first within a type: every record, or those of `type`, optionally only clinical times in [from, to] (FHIR date strings, inclusive lower and upper bound of the sort key). One Query a page of at most 1 MB. */
  chart(scope: Scope, patient: FhirId, options: ChartQuery): Promise<RecordPage>;
  /** A patient's observations (or another type with code rows) of one code, newest first, through the code rows. `code` is one of `codesOf` (core/search): the bare code, whatever its system. */
  chartByCode(
    scope: Scope,
    patient: FhirId,
    type: string,
    code: string,
    options: Pick<ChartQuery, 'fromTime' | 'toTime' | 'count' | 'cursor'>,
  ): Promise<RecordPage>;
  /** All records of a type that lies outside patient charts (Practitioner, Organization, ...), or whose patient is unknown. */
  ofType(scope: Scope, type: string, options: { count: number; cursor?: string }): Promise<RecordPage>;
  /** Records whose index value begins with `prefix` (already folded by the caller with `fold`); hits are checked against the record by the caller. */
  byIndex(
    scope: Scope,
    type: string,
    parameter: string,
    match: IndexMatch,
    options: { count: number; cursor?: string },
  ): Promise<IndexPage>;
  /** The same rows without their records, for values that say enough: to count, to filter, to put in order. */
  indexRows(
    scope: Scope,
    type: string,
    parameter: string,
    match: IndexMatch,
    options: { count: number; cursor?: string; order?: 'ascending' | 'descending' },
  ): Promise<Page<IndexRow>>;
  /** What takes these actors' time within a span, by the day book: the visits to come, and those of today. One Query an actor. */
  taken(scope: Scope, actors: readonly Actor[], within: Interval): Promise<readonly Taken[]>;
  /** What stands in the way of writing this Appointment; nothing for any other resource. The write itself asks again. */
  inTheWay(scope: Scope, resource: FhirResource): Promise<readonly Taken[]>;
}

/** An index row by itself: what its value says, and of which record. */
export interface IndexRow {
  readonly value: string;
  readonly id: FhirId;
}

export interface ChartQuery {
  /** One type, or a span of types in key order ("AllergyIntolerance".."Condition", both included). */
  readonly types?: string | { readonly first: string; readonly last: string };
  readonly compartment?: 'clinical' | 'admin';
  readonly fromTime?: string;
  readonly toTime?: string;
  readonly order?: 'newest-first' | 'oldest-first';
  readonly count: number;
  readonly cursor?: string;
}
