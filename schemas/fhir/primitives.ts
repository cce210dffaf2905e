/** FHIR R4's primitive types (FHIR R4, Data Types, "Primitive Types"), each as a check that answers what is wrong, if anything. */
import { isDate, isDateTime, isInstant, isTime } from './dates.ts';
import type { Fault } from './issue.ts';
import { narrativeFault } from './narrative.ts';

export type PrimitiveCheck = (value: unknown) => Fault | undefined;

const structure = (text: string): Fault => ({ code: 'structure', text });
const value = (text: string): Fault => ({ code: 'value', text });

const NOT_TEXT = structure('Write this as text in quotation marks.');
const NOT_NUMBER = structure('Write this as a number, without quotation marks.');
const NOT_BOOLEAN = structure('Write true or false, without quotation marks.');
const EMPTY = value('Leave this out when it has no value: a text may not be empty.');

/** Longest text, in UTF-16 units, which is never more than its bytes: 1 MB (FHIR R4, "string"). */
const MAX_TEXT = 1_048_576;
const TOO_LONG: Fault = { code: 'too-long', text: 'Shorten this text to at most 1 MB.' };
const CONTROL = value('Remove the control characters: only tab, line feed and carriage return are allowed.');
const BROKEN_UNICODE = value('Correct the encoding: half of a character is missing.');
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that the specification forbids
const CONTROL_CHARACTERS = /[\0-\x08\x0b\x0c\x0e-\x1f]/;

const text: PrimitiveCheck = (input) => {
  if (typeof input !== 'string') return NOT_TEXT;
  if (input === '') return EMPTY;
  if (input.length > MAX_TEXT) return TOO_LONG;
  if (CONTROL_CHARACTERS.test(input)) return CONTROL;
  return input.isWellFormed() ? undefined : BROKEN_UNICODE;
};

const written = (isRight: (input: string) => boolean, instead: string): PrimitiveCheck => {
  const wrong = value(instead);
  return (input) => {
    if (typeof input !== 'string') return NOT_TEXT;
    if (isRight(input)) return undefined;
    return input === '' ? EMPTY : wrong;
  };
};
const matching = (pattern: RegExp, instead: string): PrimitiveCheck => written((input) => pattern.test(input), instead);

const integer = (least: number, most: number, instead: string): PrimitiveCheck => {
  const wrong = value(instead);
  return (input) => {
    if (typeof input !== 'number') return NOT_NUMBER;
    return Number.isInteger(input) && input >= least && input <= most ? undefined : wrong;
  };
};
/** Integers are 32-bit (FHIR R4, "integer"). */
const MAX_INTEGER = 2_147_483_647;

const NOT_FINITE = value('Write a number that is finite.');
const decimal: PrimitiveCheck = (input) => {
  if (typeof input !== 'number') return NOT_NUMBER;
  return Number.isFinite(input) ? undefined : NOT_FINITE;
};

const boolean: PrimitiveCheck = (input) => (typeof input === 'boolean' ? undefined : NOT_BOOLEAN);

const BASE64_ALPHABET = /^[A-Za-z0-9+/]+={0,2}$/;
/** Whole groups of four, line breaks allowed. One pass over the text: attachments are megabytes long. */
const isBase64 = (input: string): boolean => {
  const packed = /\s/.test(input) ? input.replace(/\s+/g, '') : input;
  return packed.length % 4 === 0 && BASE64_ALPHABET.test(packed);
};

const uri = matching(/^\S+$/, 'Write an address (URI) without spaces.');
const DATE_HELP = 'as YYYY, YYYY-MM or YYYY-MM-DD, on a day that exists';

export const PRIMITIVES: Readonly<Record<string, PrimitiveCheck>> = {
  string: text,
  markdown: text,
  boolean,
  decimal,
  integer: integer(-MAX_INTEGER - 1, MAX_INTEGER, 'Write a whole number between -2147483648 and 2147483647.'),
  unsignedInt: integer(0, MAX_INTEGER, 'Write a whole number between 0 and 2147483647.'),
  positiveInt: integer(1, MAX_INTEGER, 'Write a whole number between 1 and 2147483647.'),
  code: matching(/^[^\s]+(?:\s[^\s]+)*$/, 'Write the code without leading, trailing or double spaces.'),
  /** The id of an element, as opposed to a resource's (FHIR R4, "Element"). */
  elementId: matching(/^\S+$/, 'Write the id without spaces.'),
  id: matching(/^[A-Za-z0-9.-]{1,64}$/, 'Write an id of 1 to 64 letters, digits, dashes and dots.'),
  uri,
  url: uri,
  canonical: uri,
  oid: matching(/^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/, 'Write an OID as urn:oid:1.2.3.'),
  uuid: matching(
    /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    'Write a UUID as urn:uuid: and 36 lower-case characters.',
  ),
  base64Binary: written(isBase64, 'Encode this as base64 in whole groups of four characters.'),
  date: written(isDate, `Write the date ${DATE_HELP}.`),
  dateTime: written(isDateTime, `Write the date ${DATE_HELP}; a time needs seconds and a time zone: YYYY-MM-DDThh:mm:ss+zz:zz.`),
  instant: written(isInstant, 'Write the instant as YYYY-MM-DDThh:mm:ss.sss+zz:zz, with a time zone, on a day that exists.'),
  time: written(isTime, 'Write the time as hh:mm:ss, from 00:00:00 to 23:59:59.'),
  xhtml: (input) => (typeof input === 'string' ? narrativeFault(input) : NOT_TEXT),
};
