/**
 * Age as it is said at a bedside: days under 4 weeks, weeks under 3 months, months under 2 years, then years.
 * Whole units that have passed; a birth date that stops at the year or month gives an age that may be one too many, so it is `about`.
 */
export interface Age {
  readonly count: number;
  readonly unit: 'days' | 'weeks' | 'months' | 'years';
  /** The birth date is not known to the day. */
  readonly about: boolean;
}

/** Age on the day `on` ("yyyy-mm-dd", the clinic's calendar day, or the day of death). Undefined without a birth date, or for one after `on`. */
export function ageOn(birthDate: string | undefined, on: string): Age | undefined {
  const born = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(birthDate ?? '');
  const today = /^(\d{4})-(\d{2})-(\d{2})/.exec(on);
  if (!born || !today) return undefined;
  const [by, bm, bd] = [Number(born[1]), Number(born[2] ?? 1), Number(born[3] ?? 1)];
  const [ty, tm, td] = [Number(today[1]), Number(today[2]), Number(today[3])];
  const days = Math.round((Date.UTC(ty, tm - 1, td) - Date.UTC(by, bm - 1, bd)) / 86_400_000);
  if (days < 0) return undefined;
  const months = (ty - by) * 12 + (tm - bm) - (td < bd ? 1 : 0);
  const about = !born[3];
  if (!born[2]) return { count: ty - by, unit: 'years', about };
  if (days < 28) return { count: days, unit: 'days', about };
  if (months < 3) return { count: Math.floor(days / 7), unit: 'weeks', about };
  if (months < 24) return { count: months, unit: 'months', about };
  return { count: Math.floor(months / 12), unit: 'years', about };
}
