import type { FhirResource, Patient, Reference } from 'fhir/r4';
import { Body } from './body.ts';
import { addDays, addYears, atTime, type Day, laterOf, weekday } from './calendar.ts';
import type { Person } from './cast.ts';
import { type Clinic, practitioner } from './clinic.ts';
import { Seeded, stableId } from './seeded.ts';
import { withProfiles } from './us-core.ts';

type WithoutId<R> = R extends FhirResource ? Omit<R, 'id'> & { id?: never } : never;

/** A newborn is seen some days after leaving the hospital. */
const DAYS_TO_FIRST_VISIT = 3;

/** The newest result of a test so far, for the notes. */
export interface LatestResult {
  readonly day: Day;
  readonly value: number;
  readonly before?: number;
}

/** A chart in the making: the person behind it, who treats them, and the resources so far. */
export class Chart {
  readonly person: Person;
  readonly clinic: Clinic;
  readonly today: Day;
  readonly birth: Day;
  readonly since: Day;
  /** The day after which nothing happens any more. */
  readonly last: Day;
  readonly random: Seeded;
  readonly body: Body;
  readonly patient: Reference;
  readonly doctor: Reference;
  readonly nurse: Reference;
  readonly resources: FhirResource[] = [];
  /** By LOINC code. */
  readonly latest = new Map<string, LatestResult>();
  readonly #counts = new Map<string, number>();

  constructor(person: Person, clinic: Clinic, today: Day) {
    this.person = person;
    this.clinic = clinic;
    this.today = today;
    this.random = new Seeded(person.key);
    this.birth = birthOf(person, today, this.random.branch('birth'));
    this.since = laterOf(
      weekday(addDays(this.birth, DAYS_TO_FIRST_VISIT)),
      weekday(
        addDays(addYears(today, -person.sinceYears), this.random.branch('since').whole(0, Math.min(120, person.sinceYears * 60))),
      ),
    );
    this.last = person.deceased ? addDays(today, -64) : today;
    this.body = new Body(person, { birth: this.birth, today, last: this.last, random: this.random });
    this.patient = { reference: `Patient/${patientId(person)}`, display: [...person.given, person.family].join(' ') };
    this.doctor = practitioner(clinic, this.random.branch('doctor').pick(clinic.physicians));
    this.nurse = practitioner(clinic, this.random.branch('nurse').pick(clinic.nurses));
  }

  /** A FHIR dateTime by the clinic's clock; `minutes` from midnight. */
  at(day: Day, minutes: number): string {
    return atTime(day, minutes, this.clinic.timeZone);
  }

  /** Adds a resource under an id of its own, which is the same at every making, and answers a reference to it. */
  add(resource: WithoutId<FhirResource>): Reference {
    const count = (this.#counts.get(resource.resourceType) ?? 0) + 1;
    this.#counts.set(resource.resourceType, count);
    const id = stableId(`${this.person.key}/${resource.resourceType}/${count}`);
    this.#push({ ...resource, id } as FhirResource);
    return { reference: `${resource.resourceType}/${id}` };
  }

  addPatient(patient: Omit<Patient, 'id'>): void {
    this.#push({ ...patient, id: patientId(this.person) });
  }

  noteResult(loinc: string, day: Day, value: number): void {
    const before = this.latest.get(loinc);
    this.latest.set(loinc, { day, value, ...(before && { before: before.value }) });
  }

  #push(resource: FhirResource): void {
    this.resources.push(withProfiles(resource));
  }
}

export const patientId = (person: Pick<Person, 'key'>): string => stableId(`${person.key}/Patient`);

const birthOf = ({ age }: Person, today: Day, random: Seeded): Day =>
  typeof age === 'number' ? addDays(addYears(today, -age), -random.whole(3, 350)) : addDays(today, -age.days);
