import type { FhirResource, Observation } from 'fhir/r4';
import { anyCode } from '../../lib/concept.ts';

/** The sections of a chart, in the order we ship the tiles. Their names are a part of the address. */
export const SECTIONS = [
  'problems',
  'medications',
  'allergies',
  'vitals',
  'labs',
  'appointments',
  'visits',
  'immunizations',
  'procedures',
  'notes',
  'documents',
  'care-team',
  'coverage',
] as const;
export type Section = (typeof SECTIONS)[number];

type Type = FhirResource['resourceType'];

interface SectionSpec {
  /** What is searched for, by type: parameters beside `patient`. */
  readonly searches: Readonly<Partial<Record<Type, Readonly<Record<string, string>>>>>;
  /** Which of the found belong here: the same rule for the first paint and for the pages. */
  readonly belongs: (resource: FhirResource) => boolean;
  /** The date parameter of each type's search, where the server has one. */
  readonly dateParameter: Readonly<Partial<Record<Type, string>>>;
}

const always = () => true;
const inCategory = (code: string) => (resource: FhirResource) => anyCode((resource as Observation).category, code);
/** US Core DocumentReference category. */
const isNote = (resource: FhirResource) =>
  resource.resourceType === 'DocumentReference' && anyCode(resource.category, 'clinical-note');
/** HL7 v2 table 0074 as used by DiagnosticReport.category: LAB reports are shown through their results. */
const isLabReport = (resource: FhirResource) => resource.resourceType === 'DiagnosticReport' && anyCode(resource.category, 'LAB');

export const SECTION_SPECS: Record<Section, SectionSpec> = {
  problems: { searches: { Condition: {} }, belongs: always, dateParameter: { Condition: 'onset-date' } },
  medications: {
    searches: { MedicationRequest: {}, MedicationStatement: {} },
    belongs: always,
    dateParameter: { MedicationRequest: 'authoredon', MedicationStatement: 'effective' },
  },
  allergies: { searches: { AllergyIntolerance: {} }, belongs: always, dateParameter: { AllergyIntolerance: 'date' } },
  vitals: {
    searches: { Observation: { category: 'vital-signs' } },
    belongs: inCategory('vital-signs'),
    dateParameter: { Observation: 'date' },
  },
  labs: {
    searches: { Observation: { category: 'laboratory' } },
    belongs: inCategory('laboratory'),
    dateParameter: { Observation: 'date' },
  },
  appointments: { searches: { Appointment: {} }, belongs: always, dateParameter: { Appointment: 'date' } },
  visits: { searches: { Encounter: {} }, belongs: always, dateParameter: { Encounter: 'date' } },
  immunizations: { searches: { Immunization: {} }, belongs: always, dateParameter: { Immunization: 'date' } },
  procedures: { searches: { Procedure: {} }, belongs: always, dateParameter: { Procedure: 'date' } },
  notes: {
    searches: { DiagnosticReport: {}, DocumentReference: { category: 'clinical-note' } },
    belongs: (resource) => (resource.resourceType === 'DiagnosticReport' ? !isLabReport(resource) : isNote(resource)),
    dateParameter: { DiagnosticReport: 'date', DocumentReference: 'date' },
  },
  documents: {
    searches: { DocumentReference: {} },
    belongs: (resource) => !isNote(resource),
    dateParameter: { DocumentReference: 'date' },
  },
  'care-team': { searches: { CareTeam: {} }, belongs: always, dateParameter: { CareTeam: 'date' } },
  coverage: { searches: { Coverage: {} }, belongs: always, dateParameter: {} },
};

export const typesOf = (section: Section): readonly Type[] => Object.keys(SECTION_SPECS[section].searches) as Type[];
export const isSection = (name: string | undefined): name is Section => SECTIONS.includes(name as Section);
