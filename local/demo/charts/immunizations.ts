import { addYears, type Day, yearsBetween } from './calendar.ts';

export interface Vaccine {
  /** CVX, kept by the CDC, free to use. */
  readonly cvx: string;
  readonly name: string;
  /** Ages in years at which a dose is due. */
  readonly ages: readonly number[];
}

const MONTH = 1 / 12;

/** The schedule that the demo clinics follow, after the CDC's of 2024, made simple. */
export const VACCINES: readonly Vaccine[] = [
  { cvx: '08', name: 'Hepatitis B', ages: [0.003, 2 * MONTH, 6.2 * MONTH] },
  { cvx: '119', name: 'Rotavirus', ages: [2 * MONTH, 4 * MONTH] },
  { cvx: '20', name: 'DTaP', ages: [2 * MONTH, 4 * MONTH, 6.2 * MONTH, 15.5 * MONTH, 4.3] },
  { cvx: '49', name: 'Hib', ages: [2 * MONTH, 4 * MONTH, 12.3 * MONTH] },
  { cvx: '133', name: 'Pneumococcal, 13 types', ages: [2 * MONTH, 4 * MONTH, 6.2 * MONTH, 12.3 * MONTH] },
  { cvx: '10', name: 'Polio', ages: [2 * MONTH, 4 * MONTH, 6.2 * MONTH, 4.3] },
  { cvx: '03', name: 'Measles, mumps, rubella', ages: [12.3 * MONTH, 4.3] },
  { cvx: '21', name: 'Chickenpox', ages: [12.3 * MONTH, 4.3] },
  { cvx: '83', name: 'Hepatitis A', ages: [12.3 * MONTH, 18.5 * MONTH] },
  { cvx: '115', name: 'Tdap', ages: [11.1, 27, 47, 67, 87] },
  { cvx: '113', name: 'Td', ages: [37, 57, 77] },
  { cvx: '165', name: 'HPV', ages: [11.1, 11.7] },
  { cvx: '114', name: 'Meningococcal', ages: [11.1, 16.1] },
  { cvx: '187', name: 'Shingles', ages: [60.1, 60.4] },
  { cvx: '216', name: 'Pneumococcal, 20 types', ages: [65.2] },
  { cvx: '305', name: 'RSV', ages: [75.3] },
];

/** Every autumn from six months of age. */
export const INFLUENZA: Omit<Vaccine, 'ages'> = { cvx: '150', name: 'Influenza' };

/** No vaccine of the schedule is recorded from before this day: its makers, and the records, begin later. */
const RECORDS_BEGIN = '2006-01-01';

/** The days on which scheduled doses fell due, up to `today`, oldest first. */
export function dosesDue(birth: Day, today: Day): { vaccine: Vaccine; due: Day; dose: number }[] {
  return VACCINES.flatMap((vaccine) => vaccine.ages.map((age, at) => ({ vaccine, due: addYears(birth, age), dose: at + 1 })))
    .filter(({ due }) => due <= today && due >= RECORDS_BEGIN)
    .sort((a, b) => (a.due < b.due ? -1 : 1));
}

/** October days of the years in which somebody could have had an influenza vaccine. */
export function autumns(birth: Day, from: Day, today: Day): Day[] {
  const years = Array.from({ length: 20 }, (_, at) => Number(today.slice(0, 4)) - at).reverse();
  return years.map((year) => `${year}-10-12`).filter((day) => day >= from && day <= today && yearsBetween(birth, day) >= 0.5);
}
