import type { FhirId, TenantId } from '../../schemas/ids.ts';
import type { Audit } from '../audit/audit.ts';
import type { DueOf } from '../record-due.ts';
import type { EventsOf } from '../record-events.ts';
import type { BodyStore } from './body-store.ts';
import type { Cursors } from './cursor.ts';
import type { Table } from './table.ts';

/** What the record store stands on. */
export interface StoreContext {
  /** The table through the eyes of one tenant: its credentials, its key guard. */
  readonly table: (tenant: TenantId) => Table;
  readonly bodies: BodyStore;
  readonly audit: Audit;
  /** What each write makes happen: no write, by whatever way it comes, is made without asking. */
  readonly eventsOf: EventsOf;
  /** What falls due because of a record: its rows change in the transaction that changes the record. */
  readonly dueOf: DueOf;
  readonly cursors: Cursors;
  readonly now: () => Date;
  readonly newId: () => FhirId;
}
