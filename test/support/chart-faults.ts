/**
 * What cannot be true of a chart, found without asking the maker: it reads finished resources and tables of its own. For the
 * tests of the demo charts; ages in years, values in the units that the results carry.
 */
import type { DocumentReference, Encounter, FhirResource, MedicationRequest, Observation, Patient } from 'fhir/r4';

/** Lowest and highest value that a living person in a clinic shows. */
const POSSIBLE: Record<string, readonly [low: number, high: number]> = {
  '8480-6': [70, 230],
  '8462-4': [35, 130],
  '8867-4': [38, 200],
  '9279-1': [8, 60],
  '29463-7': [2, 170],
  '8302-2': [44, 205],
  '39156-5': [12, 55],
  '8310-5': [35, 41],
  '9843-4': [32, 52],
  '59408-5': [82, 100],
  '4548-4': [4.3, 13.5],
  '2345-7': [55, 420],
  '2160-0': [0.2, 6],
  '98979-8': [8, 120],
  '3094-0': [4, 90],
  '2951-2': [125, 152],
  '2823-3': [2.9, 6],
  '2075-0': [92, 114],
  '2028-9': [15, 33],
  '17861-6': [8, 11],
  '2093-3': [90, 330],
  '13457-7': [15, 240],
  '2085-9': [25, 90],
  '2571-8': [35, 420],
  '718-7': [7.5, 18.5],
  '6690-2': [2.5, 22],
  '777-3': [120, 480],
  '2276-4': [3, 300],
  '3016-3': [0.3, 20],
  '9318-7': [0, 600],
  '6301-6': [0.8, 4.5],
  '1742-6': [3, 110],
  '1920-8': [5, 80],
  '1975-2': [0.1, 18],
  '1988-5': [0, 140],
  '33762-6': [5, 6_000],
  '2039-6': [0.2, 12],
  '44261-6': [0, 27],
  '70274-6': [0, 21],
  '20152-5': [20, 120],
  '19926-5': [30, 92],
  '10230-1': [15, 72],
};

/** Youngest age at which a vaccine is given, by CVX (CDC schedules of 2024, with the four days of grace that they allow). */
const YOUNGEST: Record<string, number> = {
  '08': 0,
  '119': 0.11,
  '20': 0.11,
  '49': 0.11,
  '133': 0.11,
  '216': 0.11,
  '10': 0.11,
  '03': 0.98,
  '21': 0.98,
  '83': 0.98,
  '115': 7,
  '113': 7,
  '165': 9,
  '114': 2,
  '187': 50,
  '305': 60,
  '208': 12,
  '309': 12,
  '150': 0.49,
  '140': 0.49,
};
/** Not for who is pregnant. */
const LIVE = new Set(['03', '21', '119']);

/** What a medicine may be for: RxNorm code, beginnings of ICD-10-CM codes. */
const INDICATIONS: Record<string, readonly string[]> = {
  '6809': ['E11', 'R73.03'],
  '1545653': ['E11'],
  '274783': ['E10', 'E11'],
  '86009': ['E10'],
  '314076': ['I10'],
  '29046': ['I10'],
  '197361': ['I10'],
  '83367': ['E78'],
  '1191': ['I25'],
  '6918': ['I25', 'I48'],
  '313988': ['I50'],
  '20352': ['I50'],
  '9997': ['I50'],
  '855332': ['I48'],
  '435': ['J44', 'J45'],
  '41126': ['J45'],
  '69120': ['J44'],
  '10582': ['E03'],
  '36437': ['F33'],
  '321988': ['F41'],
  '161': ['M17', 'G44', 'S52', 'S93'],
  '5640': ['M54', 'S93'],
  '6851': ['M06'],
  '4511': ['M06', 'Z34'],
  '7646': ['K21'],
  '135447': ['G30'],
  '77492': ['N40'],
  '46041': ['M81'],
  '24947': ['D50'],
  '20610': ['J30'],
  '5492': ['L20'],
  '6901': ['F90'],
  '37418': ['G43'],
  '519': ['M10'],
  '32968': ['Z86.73'],
  '2418': ['E55'],
  '723': ['H66', 'J02'],
  '18631': ['H66', 'J02'],
  '7454': ['N39'],
  '3640': ['L70', 'J18'],
  '72965': ['C50'],
  '73645': ['B02'],
  '8640': ['J44', 'J45'],
  '8638': ['J44', 'J45'],
};

/** Medicines that are not taken together: two of a kind, or a bleeding that one begins and the other feeds. */
const CLASHES: readonly (readonly [one: string, other: string])[] = [
  ['36437', '321988'], // sertraline, escitalopram
  ['6918', '20352'], // metoprolol, carvedilol
  ['855332', '1191'], // warfarin, aspirin
  ['855332', '5640'], // warfarin, ibuprofen
  ['855332', '32968'], // warfarin, clopidogrel
  ['5640', '1191'], // ibuprofen, aspirin
];
/** Medicines that end where this is found, by the beginning of its ICD-10-CM code. */
const FORBIDDEN: readonly (readonly [rxnorm: string, icd10: string])[] = [
  ['6809', 'N18.4'], // metformin, below 30 mL/min
  ['5640', 'N18'],
  ['29046', 'Z34'],
  ['314076', 'Z34'],
  ['83367', 'Z34'],
  ['6851', 'Z34'],
  ['3640', 'Z34'],
  ['5640', 'Z34'],
];
/** What gets worse has been there: ICD-10-CM of the attack, and of the illness. */
const UNDERLYING: Record<string, string> = { 'I50.23': 'I50.22', 'J44.1': 'J44.9', 'J45.41': 'J45.40' };
/** The stages of chronic kidney disease by filtration, mL/min/1.73 m² (KDIGO 2024), with what one measurement may differ. */
const STAGES: Record<string, readonly [low: number, high: number]> = {
  'N18.31': [45, 59],
  'N18.32': [30, 44],
  'N18.4': [15, 29],
};
const MEASURED = 4;

/** Dates that may lie ahead. */
const AHEAD = new Set(['dueDate', 'validityPeriod', 'valueDateTime', 'expirationDate']);
const DAY_MS = 86_400_000;
const codesOf = (concept: { coding?: { code?: string }[] } | undefined): string[] =>
  concept?.coding?.map(({ code = '' }) => code) ?? [];

function* datesIn(value: unknown, key = ''): Generator<{ key: string; date: string }> {
  if (AHEAD.has(key)) return;
  if (typeof value === 'string') {
    if (/^\d{4}-\d\d-\d\d(T[\d:.]+([+-]\d\d:\d\d|Z))?$/.test(value)) yield { key, date: value };
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) yield* datesIn(inner, Array.isArray(value) ? key : name);
  }
}

interface Person {
  readonly resources: readonly FhirResource[];
  readonly patient: Patient;
  readonly birth: string;
  /** The last day on which anything can have happened. */
  readonly end: string;
  readonly timeZone: string;
}

const ofType = <T extends FhirResource['resourceType']>({ resources }: Person, type: T) =>
  resources.filter((resource): resource is Extract<FhirResource, { resourceType: T }> => resource.resourceType === type);
const ageAt = ({ birth }: Person, date: string): number => (Date.parse(date.slice(0, 10)) - Date.parse(birth)) / DAY_MS / 365.25;
const active = (from: string | undefined, until: string | undefined, day: string): boolean =>
  (from ?? '').slice(0, 10) <= day && (until === undefined || day < until.slice(0, 10));

/** Everything that is wrong with a chart as of `today`, in words; nothing for a chart that can be true. */
export function faultsIn(resources: readonly FhirResource[], today: string, timeZone: string): string[] {
  const patient = resources.find((resource): resource is Patient => resource.resourceType === 'Patient');
  if (!patient?.birthDate) return ['There is no patient with a date of birth.'];
  const end = patient.deceasedDateTime?.slice(0, 10) ?? today;
  const person: Person = { resources, patient, birth: patient.birthDate, end, timeZone };
  return [
    ...outsideLife(person),
    ...impossibleValues(person),
    ...wrongPregnancies(person),
    ...vaccines(person),
    ...prescriptions(person),
    ...clashes(person),
    ...illnesses(person),
    ...prenatalCare(person),
    ...openingHours(person),
    ...notes(person),
  ];
}

function outsideLife(person: Person): string[] {
  return person.resources.flatMap((resource) =>
    [...datesIn(resource)]
      .filter(({ key }) => key !== 'birthDate')
      .flatMap(({ key, date }) => {
        const day = date.slice(0, 10);
        if (day < person.birth) return [`${resource.resourceType}.${key} ${date} lies before the birth on ${person.birth}`];
        return day > person.end ? [`${resource.resourceType}.${key} ${date} lies after ${person.end}`] : [];
      }),
  );
}

function impossibleValues(person: Person): string[] {
  const parts = (observation: Observation) => [observation, ...(observation.component ?? [])];
  return ofType(person, 'Observation').flatMap((observation) =>
    parts(observation).flatMap(({ code, valueQuantity }) => {
      const bounds = codesOf(code)
        .map((found) => POSSIBLE[found])
        .find((found) => found !== undefined);
      const value = valueQuantity?.value;
      if (value !== undefined && !Number.isFinite(value)) return [`${code.text} is no number`];
      if (!bounds || value === undefined || (value >= bounds[0] && value <= bounds[1])) return [];
      return [`${code.text} ${value} on ${observation.effectiveDateTime} is not within ${bounds.join(' to ')}`];
    }),
  );
}

const isPregnancy = (codes: readonly string[]): boolean => codes.some((code) => /^(Z34|O)/.test(code));

function pregnanciesOf(person: Person) {
  return ofType(person, 'Condition').filter(({ code }) => isPregnancy(codesOf(code)));
}

function wrongPregnancies(person: Person): string[] {
  const conditions = pregnanciesOf(person).map(({ onsetDateTime = '' }) => onsetDateTime);
  const answers = ofType(person, 'Observation')
    .filter(({ valueCodeableConcept }) => codesOf(valueCodeableConcept).includes('77386006'))
    .map(({ effectiveDateTime = '' }) => effectiveDateTime);
  return [...conditions, ...answers].flatMap((day) => {
    const age = ageAt(person, day);
    if (person.patient.gender !== 'female') return [`pregnant and ${person.patient.gender}`];
    return age < 14 || age > 50 ? [`pregnant at ${age.toFixed(1)}`] : [];
  });
}

function vaccines(person: Person): string[] {
  const pregnancies = pregnanciesOf(person);
  return ofType(person, 'Immunization').flatMap(({ vaccineCode, occurrenceDateTime = '', status }) => {
    const [cvx = ''] = codesOf(vaccineCode);
    const youngest = YOUNGEST[cvx];
    const day = occurrenceDateTime.slice(0, 10);
    const age = ageAt(person, day);
    if (youngest === undefined) return [`no youngest age is known of CVX ${cvx}`];
    if (age < youngest) return [`${vaccineCode.text} at ${age.toFixed(2)} years, before ${youngest}`];
    const pregnant = pregnancies.some(({ onsetDateTime, abatementDateTime }) => active(onsetDateTime, abatementDateTime, day));
    return LIVE.has(cvx) && pregnant && status === 'completed' ? [`${vaccineCode.text} while pregnant`] : [];
  });
}

function prescriptions(person: Person): string[] {
  const conditions = new Map(ofType(person, 'Condition').map((condition) => [`Condition/${condition.id}`, condition]));
  const requests = ofType(person, 'MedicationRequest');
  const current = new Map<string, MedicationRequest>();
  return requests.flatMap((request) => {
    const faults: string[] = [];
    const name = request.medicationCodeableConcept?.text ?? request.medicationReference?.display ?? '';
    const [rxnorm = ''] = codesOf(request.medicationCodeableConcept);
    const reason = conditions.get(request.reasonReference?.[0]?.reference ?? '');
    if (request.medicationCodeableConcept) {
      const [icd = ''] = codesOf(reason?.code);
      if (!INDICATIONS[rxnorm]?.some((begins) => icd.startsWith(begins)))
        faults.push(`${name} for ${reason?.code?.text ?? 'nothing'}`);
      if (request.status === 'active') {
        if (current.has(rxnorm)) faults.push(`${name} beside ${current.get(rxnorm)?.medicationCodeableConcept?.text}`);
        current.set(rxnorm, request);
        if (reason?.clinicalStatus?.coding?.[0]?.code !== 'active') faults.push(`${name} is taken for what has gone`);
      }
    }
    if (reason && (request.authoredOn ?? '').slice(0, 10) < (reason.onsetDateTime ?? '').slice(0, 10))
      faults.push(`${name} was prescribed before ${reason.code?.text} began`);
    return faults;
  });
}

function clashes(person: Person): string[] {
  const active = ofType(person, 'MedicationRequest').filter(({ status }) => status === 'active');
  const taken = new Map(active.map((request) => [codesOf(request.medicationCodeableConcept)[0] ?? '', request]));
  const illnesses = ofType(person, 'Condition')
    .filter(({ clinicalStatus }) => codesOf(clinicalStatus).includes('active'))
    .flatMap(({ code }) => codesOf(code));
  return [
    ...CLASHES.filter(([one, other]) => taken.has(one) && taken.has(other)).map(
      ([one, other]) =>
        `${taken.get(one)?.medicationCodeableConcept?.text} beside ${taken.get(other)?.medicationCodeableConcept?.text}`,
    ),
    ...FORBIDDEN.filter(([rxnorm, icd10]) => taken.has(rxnorm) && illnesses.some((code) => code.startsWith(icd10))).map(
      ([rxnorm, icd10]) => `${taken.get(rxnorm)?.medicationCodeableConcept?.text} with ${icd10}`,
    ),
  ];
}

/** An attack needs the illness, and the stage of failing kidneys the filtration that goes with it. */
function illnesses(person: Person): string[] {
  const conditions = ofType(person, 'Condition');
  const attacks = conditions.flatMap(({ code, onsetDateTime = '' }) => {
    const underlying = UNDERLYING[codesOf(code)[0] ?? ''];
    const known = conditions.some(
      (other) => codesOf(other.code).includes(underlying ?? '') && (other.onsetDateTime ?? '') <= onsetDateTime,
    );
    return underlying === undefined || known ? [] : [`${code?.text} without the illness`];
  });
  const rates = ofType(person, 'Observation').filter(({ code }) => codesOf(code).includes('98979-8'));
  const stages = conditions.flatMap(({ code, onsetDateTime, abatementDateTime }) => {
    const bounds = STAGES[codesOf(code)[0] ?? ''];
    if (!bounds) return [];
    return rates
      .filter(({ effectiveDateTime = '' }) => active(onsetDateTime, abatementDateTime, effectiveDateTime.slice(0, 10)))
      .filter(({ valueQuantity }) => {
        const rate = valueQuantity?.value ?? 0;
        return rate < bounds[0] - MEASURED || rate > bounds[1] + MEASURED;
      })
      .map(
        ({ valueQuantity, effectiveDateTime }) =>
          `${code?.text} with a filtration of ${valueQuantity?.value} on ${effectiveDateTime}`,
      );
  });
  return [...attacks, ...stages];
}

/** Who is pregnant is seen at least every seven weeks, from the day on which it was found to the last day but these. */
function prenatalCare(person: Person): string[] {
  const visits = ofType(person, 'Encounter').map(({ period }) => period?.start?.slice(0, 10) ?? '');
  return pregnanciesOf(person).flatMap(({ onsetDateTime = '', abatementDateTime = person.end }) => {
    const days = [onsetDateTime, ...visits.filter((day) => day > onsetDateTime && day < abatementDateTime), abatementDateTime];
    return days.slice(1).flatMap((day, at) => {
      const gap = (Date.parse(day) - Date.parse(days[at] ?? day)) / DAY_MS;
      return gap > 49 ? [`${gap} days of a pregnancy without a visit, up to ${day}`] : [];
    });
  });
}

/** Visits are from Monday to Friday between 8 and 17, and each time bears its zone's offset. Stays in a hospital know no hours. */
function openingHours(person: Person): string[] {
  const wall = new Intl.DateTimeFormat('sv-SE', {
    timeZone: person.timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return ofType(person, 'Encounter').flatMap(({ period, class: kind }: Encounter) =>
    [period?.start ?? '', period?.end ?? ''].flatMap((time) => {
      const faults: string[] = [];
      if (wall.format(Date.parse(time)).replace(' ', 'T') !== time.slice(0, 19))
        faults.push(`${time} is not ${person.timeZone}’s time`);
      if (kind.code !== 'AMB') return faults;
      const clock = time.slice(11, 16);
      const weekend = [0, 6].includes(new Date(`${time.slice(0, 10)}T00:00:00Z`).getUTCDay());
      if (weekend || clock < '08:00' || clock > '17:00') faults.push(`a visit at ${time}, when the clinic is closed`);
      return faults;
    }),
  );
}

/** Each visit has one note, and the note says the blood pressure, the weight and the prescriptions of the visit. */
function notes(person: Person): string[] {
  const byVisit = new Map<string, DocumentReference>();
  for (const note of ofType(person, 'DocumentReference')) byVisit.set(note.context?.encounter?.[0]?.reference ?? '', note);
  const observations = Map.groupBy(ofType(person, 'Observation'), ({ encounter }) => encounter?.reference ?? '');
  const requests = Map.groupBy(ofType(person, 'MedicationRequest'), ({ encounter }) => encounter?.reference ?? '');
  return ofType(person, 'Encounter').flatMap(({ id, class: kind }) => {
    const note = byVisit.get(`Encounter/${id}`);
    const text = Buffer.from(note?.content[0]?.attachment.data ?? '', 'base64').toString();
    if (!note) return [`visit ${id} has no note`];
    if (kind.code !== 'AMB') return [];
    const seen = observations.get(`Encounter/${id}`) ?? [];
    const valued = (loinc: string) =>
      seen.find(({ code, valueQuantity }) => codesOf(code).includes(loinc) && valueQuantity)?.valueQuantity?.value;
    const pressure = seen
      .find(({ code, component }) => codesOf(code).includes('85354-9') && component?.[0]?.valueQuantity)
      ?.component?.map(({ valueQuantity }) => valueQuantity?.value);
    const claims = [
      ...(pressure ? [`BP ${pressure[0]}/`] : []),
      ...(valued('29463-7') === undefined ? [] : [`weight ${valued('29463-7')} kg`]),
      ...(valued('44261-6') === undefined ? [] : [`PHQ-9 ${valued('44261-6')}`]),
      ...(valued('59408-5') === undefined ? [] : [`oxygen saturation ${valued('59408-5')} %`]),
      ...(requests.get(`Encounter/${id}`) ?? [])
        .filter(({ dispenseRequest }) => dispenseRequest?.numberOfRepeatsAllowed !== 0)
        .map(
          ({ medicationCodeableConcept, medicationReference }) =>
            medicationCodeableConcept?.text ?? medicationReference?.display ?? '',
        ),
    ];
    return claims.filter((claim) => !text.includes(claim)).map((claim) => `the note of ${note.date} does not say “${claim}”`);
  });
}
