import type { FhirResource } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { type PageOptions, Trail, type TrailQuestion } from '../audit/trail.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { StoreContext } from '../store/context.ts';
import { RecordStore } from '../store/record-store.ts';
import type { HistoryEntry, Page, RecordPage, Stored, Write, WriteOptions, WriteResult } from '../store/types.ts';
import { auditEventOf } from './provenance.ts';
import { Provenances } from './provenances.ts';

interface Reference {
  readonly type: string;
  readonly id: FhirId;
}

/** What is read out of the audit trail beside the records: for searches. */
export interface Derived {
  /** Today's UTC day. */
  today(): string;
  auditEvents(scope: Scope, question: TrailQuestion, page: PageOptions): Promise<RecordPage>;
  /** Of everything written in a part of the trail; with `written` also the Provenances that clients wrote there. */
  provenances(scope: Scope, question: TrailQuestion, page: PageOptions, options: { written: boolean }): Promise<RecordPage>;
  /** Of every version of a record, newest first. */
  provenancesOfRecord(scope: Scope, type: string, id: FhirId): Promise<readonly Stored[]>;
  /** Of records as they were read: those of the versions that were read. */
  provenancesOf(scope: Scope, records: readonly Stored[]): Promise<readonly Stored[]>;
}

/** The record store with what is read out of the audit trail: AuditEvents, and a Provenance for every version. Neither can be written. */
export class ServedRecords extends RecordStore implements Derived {
  readonly #trail: Trail;
  readonly #provenances: Provenances;
  readonly #now: () => Date;
  constructor(context: StoreContext) {
    super(context);
    this.#now = context.now;
    this.#trail = new Trail({ table: ({ tenant }) => context.table(tenant), cursors: context.cursors, now: context.now });
    this.#provenances = new Provenances(this.#trail, {
      history: (...asked) => super.history(...asked),
      readMany: (...asked) => super.readMany(...asked),
    });
  }

  today(): string {
    return this.#now().toISOString().slice(0, 10);
  }
  auditEvents(scope: Scope, question: TrailQuestion, page: PageOptions): Promise<RecordPage> {
    return this.#trail.page(scope, question, page);
  }
  provenances(scope: Scope, question: TrailQuestion, page: PageOptions, options: { written: boolean }): Promise<RecordPage> {
    return this.#provenances.page(scope, question, page, options);
  }
  provenancesOfRecord(scope: Scope, type: string, id: FhirId): Promise<readonly Stored[]> {
    return this.#provenances.ofRecord(scope, type, id);
  }
  provenancesOf(scope: Scope, records: readonly Stored[]): Promise<readonly Stored[]> {
    return this.#provenances.ofRecords(scope, records);
  }

  override async read<R extends FhirResource = FhirResource>(scope: Scope, type: string, id: FhirId): Promise<Stored<R>> {
    if (!isDerived({ type, id })) return super.read<R>(scope, type, id);
    const [found] = await this.#derived(scope, [{ type, id }]);
    if (!found) throw notFound();
    return found as Stored<R>;
  }

  /** They have one version, which never changes. */
  override async vread(scope: Scope, type: string, id: FhirId, version: number): Promise<Stored> {
    if (!isDerived({ type, id })) return super.vread(scope, type, id, version);
    if (version !== 1) throw notFound();
    return this.read(scope, type, id);
  }

  override async history(
    scope: Scope,
    type: string,
    id: FhirId,
    page: { count: number; cursor?: string },
  ): Promise<Page<HistoryEntry>> {
    if (!isDerived({ type, id })) return super.history(scope, type, id, page);
    const resource = await this.read(scope, type, id);
    const { lastUpdated } = resource.meta;
    return { items: [{ version: 1, lastUpdated, method: 'POST', resource, origin: { writeId: '', patient: undefined } }] };
  }

  override async existing(scope: Scope, references: readonly Reference[]): Promise<ReadonlySet<string>> {
    const [stored, found] = await Promise.all([
      super.existing(
        scope,
        references.filter((one) => !isDerived(one)),
      ),
      this.#derived(scope, references.filter(isDerived)),
    ]);
    return new Set([...stored, ...found.map(({ resourceType, id }) => `${resourceType}/${id}`)]);
  }

  override async readMany(scope: Scope, references: readonly Reference[]): Promise<readonly Stored[]> {
    const derived = references.filter(isDerived);
    if (derived.length === 0) return super.readMany(scope, references);
    const [stored, found] = await Promise.all([
      super.readMany(
        scope,
        references.filter((one) => !isDerived(one)),
      ),
      this.#derived(scope, derived),
    ]);
    const byName = new Map([...stored, ...found].map((one) => [`${one.resourceType}/${one.id}`, one]));
    return references.flatMap(({ type, id }) => byName.get(`${type}/${id}`) ?? []);
  }

  override async transact(scope: Scope, writes: readonly Write[], options: WriteOptions = {}): Promise<readonly WriteResult[]> {
    for (const write of writes) refuseDerived(targetOf(write));
    return super.transact(scope, writes, options);
  }

  async #derived(scope: Scope, wanted: readonly Reference[]): Promise<Stored[]> {
    const idsOf = (type: string) => wanted.filter((one) => one.type === type).map(({ id }) => id);
    const [events, provenances] = [idsOf('AuditEvent'), idsOf('Provenance')];
    const parts = await Promise.all([
      events.length > 0 ? this.#trail.readMany(scope, events) : [],
      provenances.length > 0 ? this.#provenances.readMany(scope, provenances) : [],
    ]);
    return parts.flat();
  }
}

const notFound = () => new Problem('not-found', 'There is no such record.');

/** What the audit trail answers for, and the store does not. */
const isDerived = ({ type, id }: { readonly type: string; readonly id: string }): boolean =>
  type === 'AuditEvent' || (type === 'Provenance' && auditEventOf(id) !== undefined);

const targetOf = (write: Write): { type: string; id: string } =>
  write.kind === 'delete'
    ? write
    : { type: write.resource.resourceType, id: write.kind === 'update' ? write.resource.id : (write.id ?? '') };

/** @throws Problem not-supported for what can only be read */
export function refuseDerived({ type, id }: { readonly type: string; readonly id: string }): void {
  if (!isDerived({ type, id })) return;
  throw new Problem(
    'not-supported',
    type === 'AuditEvent'
      ? 'The audit trail is written by the system alone. It can be read and searched.'
      : 'This Provenance is read out of the audit trail and cannot be changed or deleted. Write one of your own with POST Provenance.',
  );
}
