import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { minuteStartMs } from '../store/due.ts';
import type { FailedWorkRows } from './failed-work.ts';
import type { Reception } from './receiver.ts';

/** Work that has fallen due, as whoever does it is given it. */
export interface Due {
  readonly tenant: TenantId;
  readonly type: string;
  readonly id: FhirId;
  /** What the row was told apart by. */
  readonly detail: string;
  /** When it fell due, epoch ms; it may be handed out late, and twice. */
  readonly dueMs: number;
}
/** Does what is due, however often it is asked: it looks at the record first, which may have changed since the row was written. */
export type DoDue = (due: Due) => Promise<void>;

/** Undefined for an event that no due row tells. */
export function dueOf({ happening: { tenant, type, id, eventId } }: Pick<Reception, 'happening'>): Due | undefined {
  const [mark, minute, , , , detail] = eventId.split('/');
  if (mark !== 'due' || !minute || detail === undefined) return undefined;
  return { tenant, type, id, detail, dueMs: minuteStartMs(minute) };
}

/** A receiver of due work. It writes no receipt: whoever does the work knows a repeat by what it has written. */
export const receiveDue =
  (failed: FailedWorkRows, work: DoDue) =>
  async (reception: Reception): Promise<'done'> => {
    const due = dueOf(reception);
    if (!due) throw new Error('This is no due work.');
    await work(due);
    const { tenant, eventId } = reception.happening;
    if (reception.repeated) await failed.clear(tenant, { worker: 'notices', subject: eventId });
    return 'done';
  };
