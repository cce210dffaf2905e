import type { Role } from '../../schemas/access.ts';
import { OAK, OAK_HILL, type Person } from './charts/cast.ts';
import type { Clinic, StaffMember } from './charts/clinic.ts';

/** Somebody who can sign in to a demo clinic. */
export interface DemoMember {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** Who they are in the records. */
  readonly staff?: StaffMember;
  readonly patient?: Person;
}

export interface DemoClinic extends Clinic {
  readonly members: readonly DemoMember[];
  readonly patients: readonly [Person, ...Person[]];
}

const staffMember = (key: string, given: string, family: string, qualification: string, prefix?: string): StaffMember => ({
  key,
  given,
  family,
  qualification,
  ...(prefix !== undefined && { prefix }),
});

/** Works in both clinics, and chooses after signing in. */
const shared = staffMember('both-1', 'Samira', 'Nasser', 'Internal medicine', 'Dr.');
const sharedMember: DemoMember = {
  email: 'both.clinics@demo.example',
  name: 'Dr. Samira Nasser',
  role: 'physician',
  staff: shared,
};

const oakDoctor = staffMember('oak-1', 'Amara', 'Osei', 'Family medicine', 'Dr.');
const oakNurse = staffMember('oak-2', 'Jonas', 'Keller', 'Registered nurse');
const hillDoctor = staffMember('hill-1', 'Henrik', 'Aalto', 'Family medicine', 'Dr.');
const hillNurse = staffMember('hill-2', 'Grace', 'Mensah', 'Registered nurse');

const nth = (people: readonly Person[], at: number): Person => {
  const person = people[at];
  if (!person) throw new RangeError('The demo has no such patient.');
  return person;
};
const named = (person: Person): string => [...person.given, person.family].join(' ');

const OAK_CLINIC: DemoClinic = {
  slug: 'oak',
  name: 'Oak Family Practice',
  city: 'Oakfield',
  state: 'IL',
  zip: '606',
  areaCode: '312',
  country: 'US',
  timeZone: 'America/Chicago',
  physicians: [oakDoctor, shared],
  nurses: [oakNurse],
  patients: [nth(OAK, 0), ...OAK.slice(1)],
  members: [
    { email: 'admin@oak.example', name: 'Olivia Hart', role: 'admin' },
    { email: 'physician@oak.example', name: 'Dr. Amara Osei', role: 'physician', staff: oakDoctor },
    { email: 'nurse@oak.example', name: 'Jonas Keller', role: 'nurse', staff: oakNurse },
    { email: 'front-desk@oak.example', name: 'Beatriz Lima', role: 'front-desk' },
    { email: 'biller@oak.example', name: 'Kwame Boateng', role: 'biller' },
    { email: 'auditor@oak.example', name: 'Ines Moreau', role: 'auditor' },
    { email: 'patient@oak.example', name: named(nth(OAK, 1)), role: 'patient', patient: nth(OAK, 1) },
    sharedMember,
  ],
};

const OAK_HILL_CLINIC: DemoClinic = {
  slug: 'oak-hill',
  name: 'Oak Hill Clinic',
  city: 'Hillcrest',
  state: 'NY',
  zip: '131',
  areaCode: '315',
  country: 'US',
  timeZone: 'America/New_York',
  physicians: [hillDoctor, shared],
  nurses: [hillNurse],
  patients: [nth(OAK_HILL, 0), ...OAK_HILL.slice(1)],
  members: [
    { email: 'admin@oak-hill.example', name: 'Peter Lindqvist', role: 'admin' },
    { email: 'physician@oak-hill.example', name: 'Dr. Henrik Aalto', role: 'physician', staff: hillDoctor },
    { email: 'nurse@oak-hill.example', name: 'Grace Mensah', role: 'nurse', staff: hillNurse },
    { email: 'front-desk@oak-hill.example', name: 'Mei Tan', role: 'front-desk' },
    { email: 'biller@oak-hill.example', name: 'Sofia Russo', role: 'biller' },
    { email: 'auditor@oak-hill.example', name: 'Viktor Hahn', role: 'auditor' },
    { email: 'patient@oak-hill.example', name: named(nth(OAK_HILL, 1)), role: 'patient', patient: nth(OAK_HILL, 1) },
    sharedMember,
  ],
};

/** Two clinics whose slugs begin alike: what keeps `oak` out of `oak-hill` is looked at every day. */
export const DEMO_CLINICS: readonly DemoClinic[] = [OAK_CLINIC, OAK_HILL_CLINIC];

/** Runs the platform and opens no chart. */
export const DEMO_OPERATOR = { email: 'operator@demo.example', name: 'Noa Fischer' } as const;
