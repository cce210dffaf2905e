import type { Address, Attachment, CodeableConcept, FhirResource, HumanName, Period, Quantity, Reference } from 'fhir/r4';
import { nameText } from '../../schemas/names.ts';
import { conceptText } from './concept.ts';
import { formatMoment } from './dates.ts';
import type { Locale } from './locale.ts';
import { quantityText } from './quantity.ts';

/** One value of a record as a reader sees it. `name` is the dotted element path without indexes; `technical` ones are shown on request. */
export interface Field {
  readonly name: string;
  readonly text: string;
  readonly technical: boolean;
}

/** What this file needs to be told in the reader's language. */
export interface FieldWords {
  locale: Locale;
  yes: string;
  no: string;
  /** The word for a code of FHIR's own small vocabularies ("active"), or the code itself. */
  code: (element: string, code: string) => string;
}

/** Elements that the drawer shows elsewhere (whose chart, which version) or that only carry a rendering of the others. */
const ELSEWHERE = new Set(['resourceType', 'meta', 'text', 'contained', 'implicitRules', 'subject', 'patient', 'beneficiary']);
const TECHNICAL = new Set([
  'id',
  'identifier',
  'extension',
  'modifierExtension',
  'link',
  'basedOn',
  'url',
  'language',
  'context',
  'encounter',
  'sequence',
]);

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };
type Shape = { readonly [name: string]: Json };

const isShape = (value: Json): value is Shape => typeof value === 'object' && value !== null && !Array.isArray(value);
const only = (shape: Shape, ...names: string[]) =>
  Object.keys(shape).every((name) => names.includes(name) || name === 'extension' || name === 'id');

/** Text of an inline plain-text attachment (FHIR R4, Attachment: base64); undefined for every other kind. */
export function attachmentText(attachment: Attachment | undefined): string | undefined {
  if (!attachment?.data || !attachment.contentType?.startsWith('text/plain')) return undefined;
  try {
    return new TextDecoder('utf-8').decode(Uint8Array.from(atob(attachment.data), (character) => character.charCodeAt(0))).trim();
  } catch {
    return undefined; // not base64: the drawer then offers the document's name alone
  }
}

const addressText = (address: Address): string =>
  address.text ??
  [...(address.line ?? []), [address.postalCode, address.city].filter(Boolean).join(' '), address.state, address.country]
    .filter(Boolean)
    .join(', ');

/** Who or what a reference means, in words; a bare reference says only its kind. */
export const referenceText = (reference: Reference | undefined): string | undefined =>
  reference?.display ?? reference?.identifier?.value ?? (reference?.type || reference?.reference?.split(/[/?]/)[0] || undefined);

/** A link that names nobody is of use to machines only. */
const isBareReference = (value: Json): boolean =>
  isShape(value) && 'reference' in value && !('display' in value) && !('identifier' in value);

/** The text of a value that is one thing to a reader; undefined when it is a group of fields. */
function leafText(element: string, value: Json, words: FieldWords): string | undefined {
  if (typeof value === 'string')
    return /^\d{4}-\d{2}(-\d{2})?(T.*)?$/.test(value) ? (formatMoment(value, words.locale) ?? value) : words.code(element, value);
  if (typeof value === 'number') return new Intl.NumberFormat(words.locale.tag, { maximumFractionDigits: 20 }).format(value);
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (!isShape(value)) return undefined;
  if ('coding' in value || only(value, 'text')) {
    const concept = value as CodeableConcept;
    const code = concept.coding?.[0];
    // FHIR's own vocabularies have a word in the catalogue; anything else speaks for itself.
    if (code?.code && code.system?.startsWith('http://terminology.hl7.org/') && !concept.text)
      return words.code(element, code.code);
    return conceptText(concept);
  }
  if (typeof value.value === 'number') return quantityText(value as Quantity, words.locale, true);
  if (only(value, 'start', 'end')) {
    const period = value as Period;
    return [formatMoment(period.start, words.locale), formatMoment(period.end, words.locale)]
      .map((moment) => moment ?? '…')
      .join(' – ');
  }
  if ('family' in value || 'given' in value) return nameText(value as HumanName);
  if ('city' in value || 'postalCode' in value || 'line' in value) return addressText(value as Address);
  if ('reference' in value || only(value, 'display') || only(value, 'identifier', 'display', 'type'))
    return referenceText(value as Reference);
  if ('contentType' in value || 'data' in value)
    return attachmentText(value as Attachment) ?? String(value.title ?? value.contentType ?? '');
  if (typeof value.value === 'string') return value.value; // Identifier, ContactPoint
  if (typeof value.text === 'string' && only(value, 'text', 'time', 'authorString', 'authorReference')) return value.text; // Annotation
  if (typeof value.code === 'string' && ('system' in value || 'display' in value))
    return typeof value.display === 'string' ? value.display : words.code(element, value.code);
  return undefined;
}

function walk(name: string, element: string, value: Json, technical: boolean, words: FieldWords, into: Field[]): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    for (const item of value) walk(name, element, item, technical, words, into);
    return;
  }
  const text = leafText(element, value, words);
  if (text !== undefined) {
    if (text !== '') into.push({ name, text, technical: technical || isBareReference(value) });
    return;
  }
  if (!isShape(value)) return;
  for (const [child, inner] of Object.entries(value)) {
    if (child.startsWith('_')) continue;
    walk(`${name}.${child}`, child, inner, technical || TECHNICAL.has(child), words, into);
  }
}

/** Every value of a record, in the record's own order. Nothing is left out but what ELSEWHERE names; codes and ids are `technical`. */
export function fieldsOf(resource: FhirResource, words: FieldWords): readonly Field[] {
  const fields: Field[] = [];
  for (const [element, value] of Object.entries(resource as unknown as Shape)) {
    if (ELSEWHERE.has(element) || element.startsWith('_')) continue;
    walk(element, element, value, TECHNICAL.has(element), words, fields);
  }
  return fields;
}
