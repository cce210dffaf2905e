import { openOn } from '../../../schemas/opening-hours.ts';
import { dayIn } from '../../../schemas/wall-clock.ts';
import type { Plan } from './queries.ts';
import { isOpen, type Visit } from './visits.ts';

/** Those of the booked visits that are not wholly within the hours of everybody and everything that takes part, in the order of their times. Pure. */
export function outsideHours(visits: readonly Visit[], plan: Plan, clinicZone: string): Visit[] {
  return visits
    .filter((visit) => isOpen(visit) && !isWithin(visit, plan, clinicZone))
    .sort((one, other) => one.startMs - other.startMs);
}

function isWithin({ actors, startMs, endMs }: Visit, plan: Plan, clinicZone: string): boolean {
  const bookables = [...plan.practitioners, ...plan.rooms].filter(({ reference }) => actors.includes(reference));
  const wanted = [...actors, ...bookables.flatMap(({ place }) => place ?? [])];
  const place = plan.places.find(({ reference }) => wanted.includes(reference)) ?? plan.places[0];
  if (!place) return true;
  const timeZone = place.timeZone ?? clinicZone;
  const own = bookables.length > 0 ? bookables.map(({ availability }) => availability) : [undefined];
  return own.every((availability) =>
    openOn(dayIn(startMs, timeZone), timeZone, place.availability, availability).some(
      (open) => open.startMs <= startMs && endMs <= open.endMs,
    ),
  );
}
