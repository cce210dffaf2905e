import type { FhirResource } from 'fhir/r4';
import type { Say } from '../../i18n/index.ts';
import { isNoKnownAllergy } from '../../lib/allergies.ts';
import { conceptText } from '../../lib/concept.ts';
import { type Field, type FieldWords, referenceText } from '../../lib/describe.ts';

/** Elements whose codes come from FHIR's status vocabularies; all others come from its smaller ones. */
const STATUS_ELEMENTS = new Set(['status', 'clinicalStatus', 'verificationStatus', 'docStatus']);

/** Elements that hold HL7 V3's codes, in capitals: what somebody does at a visit, what kind of visit it is. */
const CODES_IN_CAPITALS = new Set(['type', 'class']);

export const fieldWords = (say: Say): FieldWords => ({
  locale: say.locale,
  yes: say.t('common.yes'),
  no: say.t('common.no'),
  // Free text has spaces or capitals; a code of ours has neither.
  code: (element, code) =>
    STATUS_ELEMENTS.has(element)
      ? say.word('status', code)
      : (CODES_IN_CAPITALS.has(element) ? /^[A-Za-z][A-Za-z-]*$/ : /^[a-z][a-z-]*$/).test(code) && say.known('codes', code)
        ? say.word('codes', code)
        : code,
});

/** "reaction.manifestation" as "Reaction: manifestation", in the reader's words. */
export function fieldLabel(name: Field['name'], say: Say): string {
  const parts = name.replace(/\[x\]/g, '').split('.');
  const words = parts.map((part) => say.word('fields', part));
  return words.map((word, index) => (index === 0 ? word : word.toLocaleLowerCase(say.locale.tag))).join(': ');
}

/** What the record is about, as the panel's title. */
export function titleOf(resource: FhirResource, say: Say): string {
  if (resource.resourceType === 'AllergyIntolerance' && isNoKnownAllergy(resource)) return say.t('allergy.noneKnown');
  const fields = resource as {
    code?: object;
    vaccineCode?: object;
    medicationCodeableConcept?: object;
    type?: object | object[];
    name?: unknown;
    medicationReference?: { display?: string };
  };
  const type = Array.isArray(fields.type) ? fields.type[0] : fields.type;
  const named = [fields.code, fields.vaccineCode, fields.medicationCodeableConcept, type]
    .map((concept) => conceptText(concept))
    .find(Boolean);
  return (
    named ??
    fields.medicationReference?.display ??
    (typeof fields.name === 'string' ? fields.name : say.word('types', resource.resourceType))
  );
}

/** What the import writes as source where nobody named one. */
const UNNAMED_IMPORT = 'urn:tessera:import';

/** Who says so: the person or organisation that recorded, asserted, ordered or performed; or the system it was imported from. */
export function sourceText(resource: FhirResource, { t }: Say): string {
  const fields = resource as unknown as Record<string, unknown>;
  for (const name of [
    'recorder',
    'asserter',
    'performer',
    'requester',
    'author',
    'informationSource',
    'participant',
    'custodian',
    'managingOrganization',
    'payor',
  ]) {
    const value: unknown = Array.isArray(fields[name]) ? (fields[name] as unknown[])[0] : fields[name];
    if (typeof value !== 'object' || value === null) continue;
    const nested = value as { actor?: object; individual?: object; member?: object };
    const text = referenceText(nested.actor ?? nested.individual ?? nested.member ?? value);
    if (text) return text;
  }
  const from = resource.meta?.source;
  return from === UNNAMED_IMPORT ? t('record.imported') : (from ?? t('common.notRecorded'));
}
