/**
 * For tests: defects seeded into the sound examples, each with what is to be said of it and where. Dropped elements and wrong values are made from the
 * table; slices, bindings, types, targets, invariants and extensions are written out.
 */
import type { FhirResource } from 'fhir/r4';
import { PROFILES } from './generated/table.ts';
import type { ElementRow } from './rows.ts';
import { SOUND_EXAMPLES } from './sound-examples.ts';

type Part = Record<string, unknown>;
const OF_RESOURCES = PROFILES.filter(({ type }) => type !== 'Extension');

const soundExample = (name: string): Part => {
  const example = SOUND_EXAMPLES[name];
  if (!example) throw new Error(`There is no example of ${name}`);
  return structuredClone(example) as unknown as Part;
};

/** The first element with that id, with the object that holds it and its FHIRPath; undefined when the example has none. */
function locate(
  resource: Part,
  id: string,
): { holder: Part; key: string; expression: string; holderExpression: string } | undefined {
  const [type = '', ...steps] = id.split('.');
  let [holder, key, expression, holderExpression] = [{ '': resource } as Part, '', type, ''];
  for (const step of steps) {
    const value = holder[key];
    const below = Array.isArray(value) ? value[0] : value;
    if (typeof below !== 'object' || below === null) return undefined;
    holder = below as Part;
    holderExpression = Array.isArray(value) ? `${expression}[0]` : expression;
    const name = step.replace('[x]', '');
    const found = Object.keys(holder).find((one) => (step === name ? one === name : new RegExp(`^${name}[A-Z]`).test(one)));
    if (found === undefined) return undefined;
    key = found;
    const choice = found.slice(name.length);
    const isPrimitive = typeof holder[found] !== 'object';
    expression = `${holderExpression}.${choice === '' ? name : `${name}.ofType(${isPrimitive ? choice.charAt(0).toLowerCase() + choice.slice(1) : choice})`}`;
  }
  return { holder, key, expression, holderExpression };
}

const isUnsliced = ({ id }: ElementRow): boolean => !id.includes(':') && id.includes('.');
/** The same value with every text in it changed. */
const otherwise = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(otherwise);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, otherwise(part)]));
  return `other-${value}`;
};
interface Defect {
  readonly name: string;
  readonly title: string;
  readonly change: (resource: Part) => unknown;
  readonly code: string;
  readonly expression: string;
}
/** Lets a row reach into an example without its types. */
// biome-ignore lint/suspicious/noExplicitAny: a defect is by intention no resource of its type
const within = (change: (resource: any) => unknown) => change as (resource: Part) => unknown;

const DEFECTS: readonly Defect[] = [
  {
    name: 'us-core-goal',
    title: 'of an organization',
    change: within((r) => Object.assign(r.subject, { reference: 'Organization/1' })),
    code: 'value',
    expression: 'Goal.subject.reference',
  },
  {
    name: 'us-core-observation-pregnancyintent',
    title: 'two social histories',
    change: within((r) => r.category.push(r.category[0])),
    code: 'structure',
    expression: 'Observation.category',
  },
  ...['us-core-vital-signs', 'us-core-heart-rate', 'us-core-bmi', 'us-core-pulse-oximetry', 'pediatric-bmi-for-age'].map(
    (name) => ({
      name,
      title: 'no category "vital-signs"',
      change: within(({ category }) => Object.assign(category[0].coding[0], { code: 'survey' })),
      code: 'required',
      expression: 'Observation.category',
    }),
  ),
  {
    name: 'us-core-vital-signs',
    title: 'a value and no code',
    change: within((r) => delete r.dataAbsentReason),
    code: 'invariant',
    expression: 'Observation',
  },
  {
    name: 'us-core-vital-signs',
    title: 'a year instead of a day (vs-1)',
    change: within((r) => Object.assign(r, { effectiveDateTime: '2026' })),
    code: 'invariant',
    expression: 'Observation.effective.ofType(dateTime)',
  },
  {
    name: 'us-core-vital-signs',
    title: 'an instant where dateTime or Period is asked',
    change: within((r) => {
      delete r.effectiveDateTime;
      r.effectiveInstant = '2026-11-25T08:00:00Z';
    }),
    code: 'structure',
    expression: 'Observation.effective.ofType(instant)',
  },
  {
    name: 'us-core-blood-pressure',
    title: 'no diastolic component',
    change: within((r) => r.component.pop()),
    code: 'required',
    expression: 'Observation.component',
  },
  {
    name: 'us-core-blood-pressure',
    title: 'two systolic components',
    change: within((r) => r.component.push(r.component[0])),
    code: 'structure',
    expression: 'Observation.component',
  },
  {
    name: 'us-core-blood-pressure',
    title: 'kilopascals in a slice',
    change: within((r) => Object.assign(r.component[1].valueQuantity, { code: 'kPa' })),
    code: 'value',
    expression: 'Observation.component[1].value.ofType(Quantity).code',
  },
  {
    name: 'us-core-blood-pressure',
    title: 'no unit in a slice',
    change: within((r) => delete r.component[0].valueQuantity.unit),
    code: 'required',
    expression: 'Observation.component[0].value.ofType(Quantity).unit',
  },
  {
    name: 'us-core-blood-pressure',
    title: 'a component without value or reason (vs-3)',
    change: within((r) => delete r.component[0].valueQuantity),
    code: 'invariant',
    expression: 'Observation.component[0]',
  },
  ...(
    [
      ['us-core-body-height', 'm'],
      ['us-core-head-circumference', 'm'],
      ['us-core-body-weight', 'mg'],
      ['us-core-body-temperature', 'K'],
    ] as const
  ).map(([name, unit]) => ({
    name,
    title: `the unit ${unit}, outside the required binding`,
    change: within((r) => Object.assign(r.valueQuantity, { code: unit })),
    code: 'code-invalid',
    expression: 'Observation.value.ofType(Quantity).code',
  })),
  ...(
    [
      ['us-core-bmi', 'kg/m2'],
      ['us-core-heart-rate', '/min'],
      ['us-core-respiratory-rate', '/min'],
      ['us-core-pulse-oximetry', '%'],
      ['pediatric-bmi-for-age', '%'],
      ['pediatric-weight-for-height', '%'],
      ['head-occipital-frontal-circumference-percentile', '%'],
    ] as const
  ).map(([name, unit]) => ({
    name,
    title: `another unit than ${unit}`,
    change: within((r) => Object.assign(r.valueQuantity, { code: 'kg' })),
    code: 'value',
    expression: 'Observation.value.ofType(Quantity).code',
  })),
  {
    name: 'us-core-pulse-oximetry',
    title: 'one of its two codes',
    change: within((r) => r.code.coding.pop()),
    code: 'required',
    expression: 'Observation.code.coding',
  },
  {
    name: 'us-core-careplan',
    title: 'a narrative status outside the required binding',
    change: within((r) => Object.assign(r.text, { status: 'extensions' })),
    code: 'code-invalid',
    expression: 'CarePlan.text.status',
  },
  {
    name: 'us-core-careplan',
    title: 'another category',
    change: within((r) => Object.assign(r.category[0].coding[0], { code: 'encounter-plan' })),
    code: 'required',
    expression: 'CarePlan.category',
  },
  {
    name: 'us-core-careteam',
    title: 'of a group',
    change: within((r) => Object.assign(r, { subject: { reference: 'Group/1' } })),
    code: 'value',
    expression: 'CareTeam.subject.reference',
  },
  {
    name: 'us-core-condition-encounter-diagnosis',
    title: 'the category of a problem',
    change: within((r) => Object.assign(r.category[0].coding[0], { code: 'problem-list-item' })),
    code: 'required',
    expression: 'Condition.category',
  },
  {
    name: 'us-core-condition-problems-health-concerns',
    title: 'a category outside the required binding of its slice',
    change: within((r) => Object.assign(r.category[0].coding[0], { code: 'encounter-diagnosis' })),
    code: 'required',
    expression: 'Condition.category',
  },
  {
    name: 'us-core-coverage',
    title: 'no member id (us-core-15)',
    change: within((r) => delete r.identifier),
    code: 'invariant',
    expression: 'Coverage',
  },
  {
    name: 'us-core-coverage',
    title: 'two groups',
    change: within((r) => r.class.push(r.class[0])),
    code: 'structure',
    expression: 'Coverage.class',
  },
  {
    name: 'us-core-diagnosticreport-lab',
    title: 'another category than LAB',
    change: within((r) => Object.assign(r.category[0].coding[0], { code: 'RAD' })),
    code: 'required',
    expression: 'DiagnosticReport.category',
  },
  {
    name: 'us-core-diagnosticreport-lab',
    title: 'final and not issued (us-core-9)',
    change: within((r) => delete r.issued),
    code: 'invariant',
    expression: 'DiagnosticReport',
  },
  {
    name: 'us-core-diagnosticreport-note',
    title: 'final at no time (us-core-10)',
    change: within((r) => delete r.effectiveDateTime),
    code: 'invariant',
    expression: 'DiagnosticReport',
  },
  {
    name: 'us-core-documentreference',
    title: 'a type of another system than LOINC',
    change: within((r) => Object.assign(r.type.coding[0], { system: 'http://clinic.example/codes' })),
    code: 'code-invalid',
    expression: 'DocumentReference.type',
  },
  {
    name: 'us-core-documentreference',
    title: 'neither data nor address (us-core-6)',
    change: within((r) => delete r.content[0].attachment.data),
    code: 'invariant',
    expression: 'DocumentReference.content[0].attachment',
  },
  {
    name: 'us-core-medicationdispense',
    title: 'completed and not handed over (us-core-20)',
    change: within((r) => delete r.whenHandedOver),
    code: 'invariant',
    expression: 'MedicationDispense',
  },
  {
    name: 'us-core-medicationdispense',
    title: 'a quantity in no unit of UCUM (maximum binding)',
    change: within((r) => Object.assign(r.quantity, { system: 'http://clinic.example/units' })),
    code: 'code-invalid',
    expression: 'MedicationDispense.quantity',
  },
  {
    name: 'us-core-medicationrequest',
    title: 'an order by nobody (us-core-21)',
    change: within((r) => delete r.requester),
    code: 'invariant',
    expression: 'MedicationRequest',
  },
  {
    name: 'us-core-medicationrequest',
    title: 'for a group',
    change: within((r) => Object.assign(r.subject, { reference: 'Group/1' })),
    code: 'value',
    expression: 'MedicationRequest.subject.reference',
  },
  ...['us-core-observation-clinical-result', 'us-core-observation-lab'].map((name) => ({
    name,
    title: 'no value and no reason (us-core-2)',
    change: within((r) => {
      delete r.valueString;
      delete r.valueQuantity;
    }),
    code: 'invariant',
    expression: 'Observation',
  })),
  {
    name: 'us-core-observation-lab',
    title: 'a month instead of a day (us-core-1)',
    change: within((r) => Object.assign(r, { effectiveDateTime: '2026-11' })),
    code: 'invariant',
    expression: 'Observation.effective.ofType(dateTime)',
  },
  {
    name: 'us-core-observation-occupation',
    title: 'text instead of a concept',
    change: within((r) => {
      delete r.valueCodeableConcept;
      r.valueString = 'Nurse';
    }),
    code: 'structure',
    expression: 'Observation.value.ofType(string)',
  },
  {
    name: 'us-core-observation-pregnancystatus',
    title: 'a period instead of a time',
    change: within((r) => {
      delete r.effectiveDateTime;
      r.effectivePeriod = { start: '2026-11-25' };
    }),
    code: 'structure',
    expression: 'Observation.effective.ofType(Period)',
  },
  {
    name: 'us-core-observation-screening-assessment',
    title: 'no survey',
    change: within((r) => Object.assign(r.category[0].coding[0], { code: 'exam' })),
    code: 'required',
    expression: 'Observation.category',
  },
  {
    name: 'us-core-observation-screening-assessment',
    title: 'a quantity of another unit system (us-core-3)',
    change: within((r) => {
      delete r.valueInteger;
      r.valueQuantity = { value: 1, system: 'http://clinic.example/units', code: 'x' };
    }),
    code: 'invariant',
    expression: 'Observation',
  },
  {
    name: 'us-core-observation-sexual-orientation',
    title: 'no value and no reason (us-core-2)',
    change: within((r) => delete r.valueCodeableConcept),
    code: 'invariant',
    expression: 'Observation',
  },
  {
    name: 'us-core-smokingstatus',
    title: 'a status outside the required binding',
    change: within((r) => Object.assign(r, { status: 'preliminary' })),
    code: 'code-invalid',
    expression: 'Observation.status',
  },
  {
    name: 'us-core-smokingstatus',
    title: 'an answer outside SNOMED CT (maximum binding)',
    change: within((r) => Object.assign(r.valueCodeableConcept.coding[0], { system: 'http://clinic.example/codes' })),
    code: 'code-invalid',
    expression: 'Observation.value.ofType(CodeableConcept)',
  },
  {
    name: 'us-core-organization',
    title: 'an NPI of nine digits (us-core-16)',
    change: within((r) => Object.assign(r.identifier[0], { value: '114422184' })),
    code: 'invariant',
    expression: 'Organization.identifier[0]',
  },
  {
    name: 'us-core-organization',
    title: 'an NPI that is only a system: no answer is a broken rule',
    change: within((r) => delete r.identifier[0].value),
    code: 'invariant',
    expression: 'Organization.identifier[0]',
  },
  {
    name: 'us-core-practitioner',
    title: 'an NPI with a digit wrong (us-core-17)',
    change: within((r) => Object.assign(r.identifier[0], { value: '1144221848' })),
    code: 'invariant',
    expression: 'Practitioner.identifier[0]',
  },
  {
    name: 'us-core-organization',
    title: 'a CLIA number without its D (us-core-18)',
    change: within((r) => r.identifier.push({ system: 'urn:oid:2.16.840.1.113883.4.7', value: '1234567890' })),
    code: 'invariant',
    expression: 'Organization.identifier[1]',
  },
  {
    name: 'us-core-organization',
    title: 'five lines of address, where four are allowed',
    change: within((r) => Object.assign(r, { address: [{ line: ['1', '2', '3', '4', '5'] }] })),
    code: 'structure',
    expression: 'Organization.address[0].line',
  },
  {
    name: 'us-core-patient',
    title: 'two races of one patient',
    change: within((r) => r.extension.push(r.extension[0])),
    code: 'structure',
    expression: 'Patient.extension',
  },
  {
    name: 'us-core-patient',
    title: 'a race without its text',
    change: within((r) => r.extension[0].extension.pop()),
    code: 'required',
    expression: 'Patient.extension[0].extension',
  },
  {
    name: 'us-core-patient',
    title: 'a race that OMB does not name',
    change: within((r) => Object.assign(r.extension[0].extension[0].valueCoding, { code: '9999-9' })),
    code: 'code-invalid',
    expression: 'Patient.extension[0].extension[0].value.ofType(Coding)',
  },
  {
    name: 'us-core-patient',
    title: 'a race as text alone',
    change: within((r) => {
      r.extension[0] = { url: r.extension[0].url, valueString: 'White' };
    }),
    code: 'structure',
    expression: 'Patient.extension[0].value',
  },
  {
    name: 'us-core-patient',
    title: 'a birth sex outside the required binding',
    change: within((r) => Object.assign(r.extension[2], { valueCode: 'X' })),
    code: 'code-invalid',
    expression: 'Patient.extension[2].value.ofType(code)',
  },
  {
    name: 'us-core-patient',
    title: 'a name without family, given or reason (us-core-6)',
    change: within((r) => {
      r.name = [{ text: 'Ada' }];
    }),
    code: 'invariant',
    expression: 'Patient.name[0]',
  },
  {
    name: 'us-core-practitionerrole',
    title: 'no way to reach anybody (pd-1)',
    change: within((r) => delete r.telecom),
    code: 'invariant',
    expression: 'PractitionerRole',
  },
  {
    name: 'us-core-practitionerrole',
    title: 'nobody and nowhere (us-core-13)',
    change: within((r) => {
      delete r.practitioner;
      delete r.organization;
    }),
    code: 'invariant',
    expression: 'PractitionerRole',
  },
  {
    name: 'us-core-procedure',
    title: 'completed at no time (us-core-7)',
    change: within((r) => delete r.performedDateTime),
    code: 'invariant',
    expression: 'Procedure',
  },
  {
    name: 'us-core-provenance',
    title: 'a practitioner on nobody’s behalf (provenance-1)',
    change: within((r) => delete r.agent[0].onBehalfOf),
    code: 'invariant',
    expression: 'Provenance.agent[0]',
  },
  {
    name: 'us-core-questionnaireresponse',
    title: 'two answered items of one linkId (sdcqr-2)',
    change: within((r) => Object.assign(r.item[1], { linkId: '1' })),
    code: 'invariant',
    expression: 'QuestionnaireResponse',
  },
  {
    name: 'us-core-questionnaireresponse',
    title: 'a form’s address of the wrong type, in an extension of a primitive',
    change: within((r) => {
      const url = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-extension-questionnaire-uri';
      r._questionnaire = { extension: [{ url, valueString: 'a form' }] };
    }),
    code: 'structure',
    expression: 'QuestionnaireResponse.questionnaire.extension[0].value.ofType(string)',
  },
  {
    name: 'us-core-relatedperson',
    title: 'neither name nor relationship (us-core-14)',
    change: within((r) => delete r.relationship),
    code: 'invariant',
    expression: 'RelatedPerson',
  },
  {
    name: 'us-core-simple-observation',
    title: 'of a place',
    change: within((r) => Object.assign(r, { subject: { reference: 'Location/1' } })),
    code: 'value',
    expression: 'Observation.subject.reference',
  },
];

/** A damaged example, and the fault that it must be refused for. */
export interface SeededDefect {
  readonly name: string;
  readonly title: string;
  readonly resource: FhirResource;
  readonly code: string;
  readonly expression: string;
}

/** The unsliced elements of each profile that its example has, and where it has the first of them. */
const present = () =>
  OF_RESOURCES.flatMap(({ name, elements }) =>
    elements.filter(isUnsliced).flatMap((row) => {
      const resource = soundExample(name);
      const found = locate(resource, row.id);
      return found ? [{ name, row, resource, found }] : [];
    }),
  );

const dropped = (): SeededDefect[] =>
  present()
    .filter(({ row }) => row.min !== undefined)
    .map(({ name, row, resource, found: { holder, key, holderExpression } }) => {
      delete holder[key];
      const element = row.id.slice(row.id.lastIndexOf('.') + 1).replace('[x]', '');
      return { ...seeded(name, `no ${row.id}`, resource), code: 'required', expression: `${holderExpression}.${element}` };
    });

const changed = (): SeededDefect[] =>
  present()
    .filter(({ row }) => (row.fixed ?? row.pattern) !== undefined)
    .map(({ name, row, resource, found: { holder, key, expression } }) => {
      holder[key] = otherwise(holder[key]);
      return { ...seeded(name, `another ${row.id}`, resource), code: 'value', expression };
    });

const written = (): SeededDefect[] =>
  DEFECTS.map(({ name, title, change, code, expression }) => {
    const resource = soundExample(name);
    change(resource);
    return { ...seeded(name, title, resource), code, expression };
  });

const seeded = (name: string, title: string, resource: Part) => ({
  name,
  title,
  // As it would come over the wire: what is undefined is not there.
  resource: JSON.parse(JSON.stringify(resource)) as FhirResource,
});

export const seededDefects = (): readonly SeededDefect[] => [...dropped(), ...changed(), ...written()];
