import type { AuditEvent } from 'fhir/r4';
import type { Interaction } from '../../schemas/access.ts';
import type { FhirId } from '../../schemas/ids.ts';
import type { Scope } from '../scope.ts';
import { decodeBody } from '../store/codec.ts';
import { bytesOf, type Item, stringOf } from '../store/item.ts';
import { ALL_AUDIT_ROWS, unpackId } from '../store/keys.ts';
import { isOutcomeUnknown, type Table } from '../store/table.ts';
import type { Stored } from '../store/types.ts';
import { type AuditOutcome, type Deed, toAuditEvent } from './audit-event.ts';
import { auditIdOfWrite, newAuditId } from './audit-id.ts';
import { AuditChains, auditPartitions, type Lease } from './chain.ts';
import { type StaffDeed, toStaffEvent } from './staff-event.ts';

/** A deed that leaves no record behind: a read, a search, a refusal. */
export interface Look {
  readonly interaction: Interaction;
  readonly type: string;
  readonly id?: FhirId;
  readonly patient?: FhirId;
  readonly outcome: AuditOutcome;
  readonly query?: string;
}

/** What the versions of a write carry: their AuditEvent's id follows from it. */
export interface WriteMark {
  readonly lastUpdated: string;
  readonly writeId: string;
}

export interface AuditDeps {
  readonly table: (scope: Scope) => Table;
  readonly now: () => Date;
}

/** Writes AuditEvents: by themselves for looks, and as rows of the store's own transactions for writes. */
export class Audit {
  readonly #deps: AuditDeps;
  readonly #chains = new AuditChains();
  constructor(deps: AuditDeps) {
    this.#deps = deps;
  }

  /** One row for a look. One call, 1 unit. @throws Problem unavailable when it cannot be written: then the look must not be answered. */
  async record(scope: Scope, { type, id, ...look }: Look): Promise<void> {
    const deed: Deed = { ...look, records: [{ type, ...(id && { id }) }] };
    await this.#put(scope, this.event(scope, deed));
  }

  /** One row for what was done to a person: invited, disabled, other roles. 1 unit. @throws Problem unavailable when it cannot be written */
  async recordStaff(scope: Scope, deed: StaffDeed): Promise<void> {
    const now = this.#deps.now();
    await this.#put(scope, toStaffEvent(scope, deed, newAuditId(now.getTime()), now.toISOString()));
  }

  async #put(scope: Scope, event: AuditEvent & { id: string }): Promise<void> {
    await this.append(scope, async (lease) => {
      const [row] = lease.draft([event]);
      if (!row) return;
      try {
        await this.#deps.table(scope).putNew(row);
        lease.settle('written');
      } catch (error) {
        // A put that was retried after a lost answer finds its own row: its id is random, so the row can be no other.
        if (isFailedCondition(error)) return lease.settle('written');
        lease.settle(isOutcomeUnknown(causeOf(error)) ? 'unknown' : 'not-written');
        throw error;
      }
    });
  }

  /** Lends a chain's writer to a transaction. What it drafts goes into that transaction; it must settle what became of it. */
  append<T>(scope: Scope, use: (lease: Lease) => Promise<T>): Promise<T> {
    return this.#chains.withWriter(scope.tenant, use);
  }

  event(scope: Scope, deed: Deed, write?: WriteMark): AuditEvent & { id: string } {
    const recordedMs = write ? Date.parse(write.lastUpdated) : this.#deps.now().getTime();
    const id = write ? auditIdOfWrite(recordedMs, write.writeId, deed.patient) : newAuditId(recordedMs);
    return toAuditEvent(scope, deed, id, new Date(recordedMs).toISOString());
  }

  /** Every audit row of a tenant's UTC day ("2026-11-23"), for verify.ts and for reports. */
  async rowsOfDay(scope: Scope, day: string): Promise<Item[]> {
    const table = this.#deps.table(scope);
    const partitions = await Promise.all(auditPartitions(scope.tenant, day).map((pk) => everyRow(table, pk)));
    return partitions.flat();
  }
}

async function everyRow(table: Table, pk: string): Promise<Item[]> {
  const rows: Item[] = [];
  let after: string | undefined;
  do {
    const page = await table.query(pk, ALL_AUDIT_ROWS, { order: 'ascending', limit: 1_000, after });
    rows.push(...page.items);
    after = page.endedAt;
  } while (after !== undefined);
  return rows;
}

/** The AuditEvent of a row. */
export function eventOf(row: Item): Stored<AuditEvent> {
  const [recorded = '', packed = ''] = stringOf(row, 'sk').split('#');
  return decodeBody<AuditEvent>({ type: 'AuditEvent', id: unpackId(packed), patient: undefined }, 1, recorded, bytesOf(row, 'b'));
}

const causeOf = (error: unknown): unknown => (error instanceof Error && error.cause !== undefined ? error.cause : error);
const isFailedCondition = (error: unknown): boolean => error instanceof Error && error.name === 'ConditionalCheckFailedException';
