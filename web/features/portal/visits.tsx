import type { Appointment } from 'fhir/r4';
import { zoneOfVisit } from '../../../schemas/scheduling.ts';
import { useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import classes from './portal.module.css';

/** Appointments that are still to come, or are going on: the next one first. */
export const upcoming = (appointments: readonly Appointment[], nowMs: number): readonly Appointment[] =>
  appointments
    .filter(({ status, end, start }) => STILL_TO_COME.has(status) && Date.parse(end ?? start ?? '') > nowMs)
    .toSorted((a, b) => Date.parse(a.start ?? '') - Date.parse(b.start ?? ''));
const STILL_TO_COME = new Set<string>(['booked', 'pending', 'arrived', 'checked-in', 'waitlist']);

const STATES = ['booked', 'pending', 'waitlist', 'arrived', 'checked-in', 'fulfilled', 'cancelled', 'noshow'] as const;

const namedBy = ({ participant }: Appointment, type: string): string | undefined =>
  participant.find(({ actor }) => actor?.reference?.startsWith(`${type}/`) && actor.display)?.actor?.display;

/** When, with whom, where and in what state. Times are on the clock of the place; its zone is said where that is not the clinic's. */
export function VisitFacts({ appointment }: { appointment: Appointment }) {
  const { t, locale } = useSay();
  const [who, where] = [namedBy(appointment, 'Practitioner'), namedBy(appointment, 'Location')];
  const state = STATES.find((one) => one === appointment.status);
  const what = appointment.serviceType?.[0]?.text ?? appointment.appointmentType?.text;
  return (
    <>
      <p className={classes.fact}>{formatMoment(appointment.start, locale, zoneOfVisit(appointment)) ?? t('common.undated')}</p>
      <p>
        {[what, who && t('portal.visits.with', { name: who }), where && t('portal.visits.at', { place: where })]
          .filter(Boolean)
          .join(' ')}
      </p>
      {appointment.patientInstruction && <p>{appointment.patientInstruction}</p>}
      {state && <p className={classes.quiet}>{t(`portal.visits.states.${state}`)}</p>}
    </>
  );
}
