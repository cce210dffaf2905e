import type { Appointment } from 'fhir/r4';
import { CANCEL_REASON, OVERRIDE } from '../../../schemas/scheduling.ts';
import type { Kept } from '../../lib/api.ts';
import type { Plan, VisitType } from './queries.ts';

/** A visit as the calendar draws it. Pure: no clock. */
export interface Visit {
  readonly id: string;
  readonly version: string;
  readonly status: Appointment['status'];
  readonly startMs: number;
  readonly endMs: number;
  readonly patient: { readonly id: string | undefined; readonly name: string | undefined };
  /** Practitioner/<id>, Location/<id> of everybody and everything that takes part. */
  readonly actors: readonly string[];
  readonly practitioners: readonly { readonly reference: string; readonly name: string }[];
  readonly room: { readonly reference: string; readonly name: string } | undefined;
  readonly type: VisitType | undefined;
  readonly typeName: string | undefined;
  readonly confirmed: boolean;
  readonly note: string | undefined;
  readonly override: { readonly reason: string; readonly over: readonly string[] } | undefined;
  readonly cancelReason: { readonly code: string | undefined; readonly text: string | undefined } | undefined;
  readonly resource: Kept<Appointment>;
}

export function visitOf(appointment: Kept<Appointment>, plan: Plan): Visit {
  const named = appointment.participant.flatMap(({ actor, status }) =>
    actor?.reference ? [{ reference: actor.reference, name: actor.display ?? '', status }] : [],
  );
  const of = (type: string) => named.filter(({ reference }) => reference.startsWith(`${type}/`));
  const [patient] = of('Patient');
  const [service] = of('HealthcareService');
  const code = appointment.serviceType?.[0]?.coding?.[0]?.code;
  const type = plan.allVisitTypes.find(
    (one) => one.reference === service?.reference || (code !== undefined && one.code === code),
  );
  const room = of('Location').find(({ reference }) => plan.rooms.some((one) => one.reference === reference));
  const override = appointment.extension?.find(({ url }) => url === OVERRIDE)?.extension;
  const reason = appointment.cancelationReason;
  return {
    id: appointment.id,
    version: appointment.meta.versionId,
    status: appointment.status,
    startMs: Date.parse(appointment.start ?? ''),
    endMs: Date.parse(appointment.end ?? ''),
    patient: { id: patient?.reference.slice('Patient/'.length), name: patient?.name || undefined },
    actors: named.map(({ reference }) => reference),
    practitioners: of('Practitioner'),
    room,
    type,
    typeName: type?.name ?? appointment.serviceType?.[0]?.text ?? service?.name,
    confirmed: patient?.status === 'accepted',
    note: appointment.comment ?? appointment.description,
    override: override && {
      reason: override.find(({ url }) => url === 'reason')?.valueString ?? '',
      over: override.flatMap(({ url, valueString }) => (url === 'over' && valueString ? [valueString] : [])),
    },
    cancelReason: reason && {
      code: reason.coding?.find(({ system }) => system === CANCEL_REASON)?.code,
      text: reason.text,
    },
    resource: appointment,
  };
}

/** Whether it takes nobody's time any more. */
export const isOff = ({ status }: Pick<Visit, 'status'>): boolean =>
  status === 'cancelled' || status === 'noshow' || status === 'entered-in-error';
export const isOpen = ({ status }: Pick<Visit, 'status'>): boolean =>
  ['proposed', 'pending', 'booked', 'waitlist'].includes(status);

export interface Laned {
  readonly visit: Visit;
  /** Side by side with others of its time: which place of how many. */
  readonly lane: number;
  readonly lanes: number;
}

/** Visits that overlap stand side by side; each group of them shares the width. */
export function inLanes(visits: readonly Visit[]): Laned[] {
  const result: Laned[] = [];
  let group: { visit: Visit; lane: number }[] = [];
  let groupEndMs = Number.NEGATIVE_INFINITY;
  const close = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1));
    result.push(...group.map((one) => ({ ...one, lanes })));
    group = [];
  };
  for (const visit of [...visits].sort((one, other) => one.startMs - other.startMs || other.endMs - one.endMs)) {
    if (visit.startMs >= groupEndMs) close();
    const busy = new Set(group.filter((one) => one.visit.endMs > visit.startMs).map(({ lane }) => lane));
    let lane = 0;
    while (busy.has(lane)) lane += 1;
    group.push({ visit, lane });
    groupEndMs = Math.max(groupEndMs, visit.endMs);
  }
  close();
  return result;
}
