import type { Immunization, Reference } from 'fhir/r4';
import { addDays, addYears, type Day, daysBetween, weekday, yearsBetween } from './calendar.ts';
import type { Chart } from './chart.ts';
import type { Visit } from './visits.ts';

export interface Vaccine {
  /** CVX, kept by the CDC, free to use, and its own short name there. */
  readonly cvx: string;
  readonly display: string;
  readonly name: string;
  /** Ages in years at which a dose is due. */
  readonly ages?: readonly number[];
  /** Days on which a dose was offered to everybody from `fromAge` on. */
  readonly days?: readonly Day[];
  readonly fromAge?: number;
  /** The years of birth for which the schedule asked for it. */
  readonly born?: readonly [from: string, to: string];
}

const MONTH = 1 / 12;
const PCV = [2 * MONTH, 4 * MONTH, 6.2 * MONTH, 12.3 * MONTH] as const;

/** The schedule that the demo clinics follow, after the CDC's of 2024, made simple. */
export const VACCINES: readonly Vaccine[] = [
  { cvx: '08', display: 'Hep B, adolescent or pediatric', name: 'Hepatitis B', ages: [0.003, 2 * MONTH, 6.2 * MONTH] },
  { cvx: '119', display: 'rotavirus, monovalent', name: 'Rotavirus', ages: [2 * MONTH, 4 * MONTH] },
  { cvx: '20', display: 'DTaP', name: 'DTaP', ages: [2 * MONTH, 4 * MONTH, 6.2 * MONTH, 15.5 * MONTH, 4.3] },
  { cvx: '49', display: 'Hib (PRP-OMP)', name: 'Hib', ages: [2 * MONTH, 4 * MONTH, 12.3 * MONTH] },
  {
    cvx: '133',
    display: 'Pneumococcal conjugate PCV 13',
    name: 'Pneumococcal, 13 types',
    ages: PCV,
    born: ['2010-01-01', '2023-06-30'],
  },
  {
    cvx: '216',
    display: 'Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate, adjuvant, PF',
    name: 'Pneumococcal, 20 types',
    ages: PCV,
    born: ['2023-07-01', '9999'],
  },
  { cvx: '10', display: 'IPV', name: 'Polio', ages: [2 * MONTH, 4 * MONTH, 6.2 * MONTH, 4.3] },
  { cvx: '03', display: 'MMR', name: 'Measles, mumps, rubella', ages: [12.3 * MONTH, 4.3] },
  { cvx: '21', display: 'varicella', name: 'Chickenpox', ages: [12.3 * MONTH, 4.3] },
  { cvx: '83', display: 'Hep A, ped/adol, 2 dose', name: 'Hepatitis A', ages: [12.3 * MONTH, 18.5 * MONTH] },
  { cvx: '115', display: 'Tdap', name: 'Tdap', ages: [11.1, 27, 47, 67, 87] },
  { cvx: '113', display: 'Td (adult), 5 Lf tetanus toxoid, preservative free, adsorbed', name: 'Td', ages: [37, 57, 77] },
  { cvx: '165', display: 'HPV9', name: 'HPV', ages: [11.1, 11.7], born: ['2004-01-01', '9999'] },
  { cvx: '114', display: 'meningococcal MCV4P', name: 'Meningococcal', ages: [11.1, 16.1] },
  { cvx: '187', display: 'zoster recombinant', name: 'Shingles', ages: [60.1, 60.4], born: ['1957-06-01', '9999'] },
  {
    cvx: '216',
    display: 'Pneumococcal conjugate PCV20, polysaccharide CRM197 conjugate, adjuvant, PF',
    name: 'Pneumococcal, 20 types',
    days: ['2022-05-16'],
    fromAge: 65,
  },
  {
    cvx: '305',
    display: 'RSV, bivalent, protein subunit RSVpreF, diluent reconstituted, 0.5 mL, PF',
    name: 'RSV',
    days: ['2023-10-16'],
    fromAge: 75,
  },
  {
    cvx: '208',
    display: 'COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose',
    name: 'COVID-19',
    days: ['2021-04-12', '2021-05-03', '2021-11-15'],
    fromAge: 16,
  },
  {
    cvx: '309',
    display: 'COVID-19, mRNA, LNP-S, PF, tris-sucrose, 30 mcg/0.3 mL',
    name: 'COVID-19',
    days: ['2023-10-09', '2024-10-07', '2025-10-06'],
    fromAge: 12,
  },
];

/** Every autumn from six months of age: of four types up to the season of 2023, since then of three. */
const INFLUENZA = {
  quadrivalent: { cvx: '150', display: 'Influenza, split virus, quadrivalent, PF', name: 'Influenza' },
  trivalent: { cvx: '140', display: 'Influenza, split virus, trivalent, PF', name: 'Influenza' },
} as const satisfies Record<string, Vaccine>;
const TRIVALENT_FROM = '2024-07-01';

/** No vaccine of the schedule is recorded from before this day: its makers, and the records, begin later. */
const RECORDS_BEGIN = '2006-01-01';

export interface Dose {
  readonly vaccine: Vaccine;
  readonly day: Day;
  readonly number?: number;
}

/** The days on which scheduled doses fell due, up to `last`, oldest first. */
export function dosesDue(birth: Day, last: Day): Dose[] {
  return VACCINES.flatMap((vaccine): Dose[] => {
    const { ages = [], days = [], fromAge = 0, born = ['0000', '9999'] } = vaccine;
    if (birth < born[0] || birth > born[1]) return [];
    return [
      ...ages.map((age, at) => ({ vaccine, day: addYears(birth, age), number: at + 1 })),
      ...days.filter((day) => yearsBetween(birth, day) >= fromAge).map((day, at) => ({ vaccine, day, number: at + 1 })),
    ];
  })
    .filter(({ day }) => day < last && day >= RECORDS_BEGIN)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** October days of the years in which somebody could have had an influenza vaccine. */
export function autumns(birth: Day, from: Day, last: Day): Day[] {
  const years = Array.from({ length: 20 }, (_, at) => Number(last.slice(0, 4)) - at).reverse();
  return years.map((year) => `${year}-10-12`).filter((day) => day >= from && day < last && yearsBetween(birth, day) >= 0.5);
}

/** What somebody has had, and is going to have at their visits: a dose waits for the next one, if that is soon. */
export function planDoses(chart: Chart, visits: readonly Visit[]): Dose[] {
  const random = chart.random.branch('immunizations');
  const seasonal = autumns(chart.birth, chart.since, chart.last).map(
    (day): Dose => ({ vaccine: day < TRIVALENT_FROM ? INFLUENZA.quadrivalent : INFLUENZA.trivalent, day }),
  );
  return [
    ...dosesDue(chart.birth, chart.last).filter(({ vaccine }) => random.chance(vaccine.days ? 0.7 : 0.95)),
    ...seasonal.filter(() => random.chance(0.6)),
  ]
    .map((dose) => ({ ...dose, day: dayOf(chart, dose.day, visits, random.whole(0, 12)) }))
    .filter(({ day }) => day < chart.last)
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Soon: within ten weeks. Nobody is vaccinated while they are ill. */
function dayOf(chart: Chart, due: Day, visits: readonly Visit[], later: number): Day {
  const visit = visits.find(({ day, kind }) => day >= due && kind !== 'acute' && daysBetween(due, day) <= 70);
  const atBirth = daysBetween(chart.birth, due) < 3;
  return visit && !atBirth ? visit.day : atBirth ? due : weekday(addDays(due, later));
}

/** `encounter` is that of the visit at which it was given, where there was one. */
export function addDose(chart: Chart, { vaccine, day, number }: Dose, encounter?: Reference): void {
  const here = day >= chart.since && daysBetween(chart.birth, day) > 3;
  chart.add({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: codeOf(vaccine),
    patient: chart.patient,
    ...(encounter && { encounter }),
    occurrenceDateTime: here ? chart.at(day, 10 * 60 + 40) : day,
    primarySource: here,
    ...(here
      ? {
          lotNumber: `D${chart.random.branch(`lot ${vaccine.cvx} ${day}`).whole(1_000, 9_999)}`,
          performer: [{ actor: chart.nurse }],
        }
      : {
          reportOrigin: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/immunization-origin', code: 'recall' }] },
        }),
    ...(number !== undefined && { protocolApplied: [{ doseNumberPositiveInt: number }] }),
  });
}

/** A vaccine that somebody did not want. */
export const addRefusal = (chart: Chart, day: Day, encounter: Reference): Reference =>
  chart.add({
    resourceType: 'Immunization',
    status: 'not-done',
    statusReason: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'PATOBJ', display: 'patient objection' }],
      text: 'Did not want it',
    },
    vaccineCode: codeOf(INFLUENZA.trivalent),
    patient: chart.patient,
    encounter,
    occurrenceDateTime: chart.at(day, 10 * 60 + 40),
    primarySource: true,
  });

const codeOf = ({ cvx, display, name }: Vaccine): Immunization['vaccineCode'] => ({
  coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: cvx, display }],
  text: name,
});
