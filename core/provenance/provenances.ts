import type { AuditEvent, Provenance } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { auditIdOfWrite } from '../audit/audit-id.ts';
import type { PageOptions, Trail, TrailQuestion } from '../audit/trail.ts';
import { Problem } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { type Origin, originOf } from '../store/codec.ts';
import type { HistoryEntry, Page, RecordPage, Records, Stored } from '../store/types.ts';
import { auditEventOf, type DerivedProvenance, toProvenance, writtenIn } from './provenance.ts';

/** Versions of one record that a search by target looks through. */
const MOST_VERSIONS = 1_000;

interface Version {
  /** "Observation/1" */
  readonly record: string;
  readonly version: number;
  readonly lastUpdated: string;
  readonly origin: Origin;
}

/** In whose chart stands what a derived Provenance tells of. */
const CHARTS = new WeakMap<object, FhirId>();
/** The patient whose chart a derived Provenance belongs to; undefined for any other resource. */
export const chartOfDerived = (resource: object): FhirId | undefined => CHARTS.get(resource);

/** Derived Provenances, found from either side: from versions to their AuditEvents, or from AuditEvents to the versions they wrote. */
export class Provenances {
  readonly #trail: Trail;
  readonly #records: Pick<Records, 'history' | 'readMany'>;
  constructor(trail: Trail, records: Pick<Records, 'history' | 'readMany'>) {
    this.#trail = trail;
    this.#records = records;
  }

  /** Those that exist, by their ids. */
  async readMany(scope: Scope, ids: readonly FhirId[]): Promise<DerivedProvenance[]> {
    const wanted = new Set(ids);
    const events = await this.#trail.readMany(scope, [...new Set(ids.flatMap((id) => auditEventOf(id) ?? []))]);
    return events.flatMap((event) => derived(scope, event)).filter(({ id }) => wanted.has(id as FhirId));
  }

  /** Of records as they were read, the Provenance of the version that was read: one BatchGetItem for 100 writes. */
  async ofRecords(scope: Scope, records: readonly Stored[]): Promise<DerivedProvenance[]> {
    return this.#ofVersions(
      scope,
      records.flatMap((record) => {
        const origin = originOf(record);
        const { versionId, lastUpdated } = record.meta;
        return origin ? [{ record: `${record.resourceType}/${record.id}`, version: Number(versionId), lastUpdated, origin }] : [];
      }),
    );
  }

  /** Of every version of a record, newest first; of one that nobody has written, none. */
  async ofRecord(scope: Scope, type: string, id: FhirId): Promise<DerivedProvenance[]> {
    const versions: Version[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#records.history(scope, type, id, { count: 200, ...(cursor && { cursor }) }).catch(noneIfMissing);
      versions.push(
        ...page.items.map(({ version, lastUpdated, origin }) => ({ record: `${type}/${id}`, version, lastUpdated, origin })),
      );
      cursor = page.cursor;
    } while (cursor !== undefined && versions.length < MOST_VERSIONS);
    return this.#ofVersions(scope, versions);
  }

  async #ofVersions(scope: Scope, versions: readonly Version[]): Promise<DerivedProvenance[]> {
    const named = versions.map((one) => ({
      ...one,
      event: auditIdOfWrite(Date.parse(one.lastUpdated), one.origin.writeId, one.origin.patient),
    }));
    const events = await this.#trail.readMany(scope, [...new Set(named.map(({ event }) => event))]);
    const byTarget = new Map(
      events.flatMap((event) => derived(scope, event)).map((one) => [`${auditEventOf(one.id)} ${targetOf(one)}`, one]),
    );
    return named.flatMap(({ event, record, version }) => byTarget.get(`${event} ${record}/_history/${version}`) ?? []);
  }

  /**
   * A page of the Provenances of everything that was written in a part of the trail. `written`: also the Provenances that clients wrote there,
   * as they stand now.
   */
  async page(
    scope: Scope,
    question: TrailQuestion,
    { count, cursor }: PageOptions,
    { written }: { written: boolean },
  ): Promise<RecordPage> {
    // A page of events may hold many versions, and a reader may stop between two of one event: the cursor then says which comes next.
    const [at, skip = '0'] = cursor?.split('~') ?? [];
    const page = await this.#trail.page(scope, question, { count: Math.min(count, EVENTS_AT_A_TIME), ...(at && { cursor: at }) });
    const parts = await Promise.all(
      page.items.map(async (event) => [...derived(scope, event), ...(written ? await this.#clients(scope, event) : [])]),
    );
    const items = parts.flatMap((part, number) => part.map((item, nth) => ({ item, number, nth }))).slice(Number(skip));
    return {
      items: items.map(({ item }) => item),
      cursorAfter(index) {
        const here = items[index];
        if (!here) throw new RangeError('A cursor stands after one of the page’s items.');
        const before = here.number === 0 ? at : page.cursorAfter(here.number - 1);
        return `${before ?? ''}~${here.nth + 1}`;
      },
      ...(page.cursor && { cursor: page.cursor }),
    };
  }

  /** The Provenances that were written by hand in this event and have not been changed since. */
  async #clients(scope: Scope, event: Stored<AuditEvent>): Promise<Stored[]> {
    const own = writtenIn(event).filter(({ record, deleted }) => record.startsWith('Provenance/') && !deleted);
    if (own.length === 0) return [];
    const versions = new Map(own.map(({ record, version }) => [record, String(version)]));
    const found = await this.#records.readMany(
      scope,
      own.map(({ record }) => ({ type: 'Provenance', id: record.slice('Provenance/'.length) as FhirId })),
    );
    return found.filter(({ id, meta }) => versions.get(`Provenance/${id}`) === meta.versionId);
  }
}

const EVENTS_AT_A_TIME = 100;

/** The Provenances of an AuditEvent, each known to belong to the chart that the event names. */
function derived(scope: Scope, event: AuditEvent): DerivedProvenance[] {
  const patient = event.entity?.find(({ role }) => role?.code === '1')?.what?.reference?.slice('Patient/'.length);
  return writtenIn(event).map((one) => {
    const provenance = toProvenance(event, one, scope.fhirBase);
    if (patient) CHARTS.set(provenance, patient as FhirId);
    return provenance;
  });
}

const targetOf = ({ target: [target] }: Provenance): string => target?.reference ?? '';

function noneIfMissing(error: unknown): Page<HistoryEntry> {
  if (error instanceof Problem && error.kind === 'not-found') return { items: [] };
  throw error;
}
