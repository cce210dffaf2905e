import type { Appointment, Bundle, Parameters } from 'fhir/r4';

const DAY_MS = 86_400_000;
/** Far enough ahead that the demo's own visits are few. */
const FIRST_DAY = 3;
const DAYS = 45;
/** Offers asked of a day: of those at one time, one is booked. */
const A_DAY = 50;

type Send = <Body>(path: string, body: object) => Promise<Body>;

const asked = (patient: string, day: number, count: number): Parameters => {
  const startMs = Math.floor(Date.now() / DAY_MS) * DAY_MS + day * DAY_MS;
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'patient', valueReference: { reference: `Patient/${patient}` } },
      { name: 'minutes', valueInteger: 20 },
      { name: 'start', valueDateTime: new Date(startMs).toISOString() },
      { name: 'end', valueDateTime: new Date(startMs + DAY_MS).toISOString() },
      { name: 'count', valueInteger: count },
    ],
  };
};

/** What a desk does all day: looks for free times, and books one of them. Each booking takes a time of its own, the days in turn. */
export async function bookingOperations(send: Send, patient: string) {
  const days = await Promise.all(
    Array.from({ length: DAYS }, (_, day) => send<Bundle<Appointment>>(FIND, asked(patient, FIRST_DAY + day, A_DAY))),
  );
  const ofDays = days.map(({ entry = [] }) => withoutOverlap(entry.flatMap(({ resource }) => resource ?? [])));
  const free = Array.from({ length: A_DAY }, (_, at) => ofDays.flatMap((offers) => offers[at] ?? [])).flat();
  return {
    find: (n: number) => [FIND, asked(patient, FIRST_DAY + (n % DAYS), 8)] as const,
    book: () => {
      const resource = free.shift();
      if (!resource) throw new Error('The demo clinic has no more free times to book.');
      return [BOOK, { resourceType: 'Parameters', parameter: [{ name: 'appointment-resource', resource }] }] as const;
    },
  };
}
const FIND = '/fhir/R4/Appointment/$find';
const BOOK = '/fhir/R4/Appointment/$book';

/** One patient sees nobody twice at a time. */
function withoutOverlap(offers: readonly Appointment[]): Appointment[] {
  const kept: Appointment[] = [];
  for (const offer of offers) if ((kept.at(-1)?.end ?? '') <= (offer.start ?? '')) kept.push(offer);
  return kept;
}
