import { isUtf8 } from 'node:buffer';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { FhirResource } from 'fhir/r4';
import type { FhirId } from '../../schemas/ids.ts';
import { dictionaryFor, NEWEST_DICTIONARY } from './dictionaries.ts';
import type { Stored } from './types.ts';

/**
 * What an item's body attribute holds: a header, the UUIDs, and the rest of the JSON as raw deflate with the type's dictionary.
 *
 *   byte 0      how the version came to be (bits 0-3: `Method`) and where its text is (bits 4-7: `Form`)
 *   byte 1      version of the dictionary
 *   bytes 2-7   write id: which write made this version
 *   then        when inline: count of UUIDs (2 bytes), 16 bytes each, deflated text; when elsewhere: the object's key
 *
 * The text leaves out what keys and attributes say: resourceType, id, meta.versionId, meta.lastUpdated. UUIDs do not compress, so they stand
 * beside it, once each, as bytes. Control characters never occur in JSON text, so they mark the gaps:
 * U+0001 the chart's patient, U+0003 the record's own id, U+0002 and a character the UUID of that number, U+0004 a text that was base64.
 */
export type Method = 'POST' | 'PUT';
const METHODS: readonly Method[] = ['POST', 'PUT'];
const INLINE = 0x10;
const ELSEWHERE = 0x20;
const HEADER_BYTES = 8;
const WRITE_ID_BYTES = 6;
/** Room for what a body inflates to, at first: Node's 16 KB for each of a thousand small bodies is what its collector then works on. */
const FIRST_CHUNK_BYTES = { least: 1_024, timesDeflated: 8 };
/** A body above this goes to the bucket: an item holds 400 KB (DynamoDB), keys and attributes included. */
export const INLINE_LIMIT_BYTES = 350 * 1024;

/** What the item itself says of its record. */
export interface Owner {
  readonly type: string;
  readonly id: FhirId;
  /** The patient of the partition that the record was written into. */
  readonly patient: FhirId | undefined;
}
export interface BodyHead {
  readonly method: Method;
  /** 12 hex digits. */
  readonly writeId: string;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const WHOLE_UUID = new RegExp(`^${UUID.source}$`);
const THE_PATIENT = '\u0001';
const A_UUID = '\u0002';
const OWN_ID = '\u0003';
const WAS_BASE64 = '\u0004';
const GAP = new RegExp(`[${THE_PATIENT}${OWN_ID}]|${A_UUID}.`, 'gs');
const FIRST_NUMBER = 0x30;
/** Numbers stay below the surrogates (U+D800). */
const MOST_UUIDS = 0xd000;

/** The body of one version, without its place in the bucket: see `tooLong` and `pointerTo`. */
export function encodeBody(owner: Owner, resource: FhirResource, head: BodyHead): Buffer {
  const { text, uuids } = withoutUuids(owner, withoutBase64(JSON.stringify(stripped(resource))));
  const count = Buffer.alloc(2);
  count.writeUInt16BE(uuids.length);
  return Buffer.concat([
    header(head, INLINE),
    count,
    ...uuids.map((uuid) => Buffer.from(uuid.replaceAll('-', ''), 'hex')),
    deflateRawSync(text, { level: 9, dictionary: dictionaryFor(owner.type, NEWEST_DICTIONARY) }),
  ]);
}

/** The inverse of `encodeBody`. Throws on bytes this code did not write: better loud than half a chart. */
export function decodeBody<R extends FhirResource>(
  owner: Owner,
  version: number,
  lastUpdated: string,
  bytes: Uint8Array,
): Stored<R> {
  const body = asBuffer(bytes);
  if (((body[0] ?? 0) & 0xf0) !== INLINE) throw new Error('This body is not one that the record store wrote.');
  const textAt = HEADER_BYTES + 2 + 16 * body.readUInt16BE(HEADER_BYTES);
  const text = body.subarray(textAt);
  const dictionary = dictionaryFor(owner.type, body[1] ?? 0);
  const deflated = inflateRawSync(text, {
    dictionary,
    chunkSize: Math.max(FIRST_CHUNK_BYTES.least, FIRST_CHUNK_BYTES.timesDeflated * text.length),
  });
  const json = deflated.toString('utf8').replace(GAP, (gap) => {
    if (gap === THE_PATIENT) return owner.patient ?? '';
    if (gap === OWN_ID) return owner.id;
    const at = HEADER_BYTES + 2 + 16 * (gap.charCodeAt(1) - FIRST_NUMBER);
    return hyphened(body.toString('hex', at, at + 16));
  });
  const { meta, ...rest } = JSON.parse(withBase64(json)) as Record<string, unknown>;
  const stored = {
    resourceType: owner.type,
    id: owner.id,
    meta: { versionId: String(version), lastUpdated, ...(meta as object | undefined) },
    ...rest,
  };
  ORIGINS.set(stored, { writeId: headOf(body).writeId, patient: owner.patient });
  return stored as unknown as Stored<R>;
}

/** Which write made a version, and in whose chart it stood: its AuditEvent's id follows from them and from its time. */
export interface Origin {
  /** 12 hex digits. */
  readonly writeId: string;
  readonly patient: FhirId | undefined;
}
const ORIGINS = new WeakMap<object, Origin>();
/** The origin of a resource that was read from the table; undefined for any other object, a copy included. */
export const originOf = (stored: object): Origin | undefined => ORIGINS.get(stored);

export function headOf(bytes: Uint8Array): BodyHead {
  const body = asBuffer(bytes);
  const method = METHODS[(body[0] ?? 0) & 0x0f];
  if (!method) throw new Error('This body is not one that the record store wrote.');
  return { method, writeId: body.toString('hex', 2, HEADER_BYTES) };
}

/** A body that says where the body is. */
export const pointerTo = (objectKey: string, head: BodyHead): Buffer =>
  Buffer.concat([header(head, ELSEWHERE), Buffer.from(objectKey)]);
/** The object's key, when the body is in the bucket. */
export function pointedAt(bytes: Uint8Array): string | undefined {
  const body = asBuffer(bytes);
  return ((body[0] ?? 0) & 0xf0) === ELSEWHERE ? body.toString('utf8', HEADER_BYTES) : undefined;
}

function header({ method, writeId }: BodyHead, form: number): Buffer {
  const id = Buffer.from(writeId, 'hex');
  if (id.length !== WRITE_ID_BYTES) throw new RangeError('A write id is 6 bytes.');
  return Buffer.concat([Buffer.from([form | METHODS.indexOf(method), NEWEST_DICTIONARY]), id]);
}

function stripped({ resourceType: _type, id: _id, meta, ...rest }: FhirResource): object {
  const { versionId: _version, lastUpdated: _updated, ...kept } = meta ?? {};
  return Object.keys(kept).length > 0 ? { meta: kept, ...rest } : rest;
}

function withoutUuids({ id, patient }: Owner, json: string): { text: string; uuids: string[] } {
  const numbers = new Map<string, number>();
  // A patient id that is no UUID could be any word of the text; only as a reference is it surely the patient.
  const named = patient && !WHOLE_UUID.test(patient) ? json.replaceAll(`"Patient/${patient}"`, `"Patient/${THE_PATIENT}"`) : json;
  const text = named.replace(UUID, (uuid) => {
    if (uuid === patient) return THE_PATIENT;
    if (uuid === id) return OWN_ID;
    const number = numbers.get(uuid) ?? numbers.size;
    if (number >= MOST_UUIDS) return uuid;
    numbers.set(uuid, number);
    return `${A_UUID}${String.fromCharCode(FIRST_NUMBER + number)}`;
  });
  return { text, uuids: [...numbers.keys()] };
}

/** Notes travel as base64 of text (Attachment.data): the text compresses twice as well. What is not exactly the base64 of UTF-8 stays. */
const withoutBase64 = (json: string): string =>
  json.replace(/"data":"([A-Za-z0-9+/]{16,}={0,2})"/g, (whole: string, base64: string) => {
    const bytes = Buffer.from(base64, 'base64');
    const exact = isUtf8(bytes) && bytes.toString('base64') === base64;
    return exact ? `"data":"${WAS_BASE64}${JSON.stringify(bytes.toString('utf8')).slice(1, -1)}"` : whole;
  });
const TEXT_DATA = new RegExp(`"data":"${WAS_BASE64}((?:[^"\\\\]|\\\\.)*)"`, 'g');
const withBase64 = (json: string): string =>
  json.replace(TEXT_DATA, (_whole, text: string) => `"data":"${Buffer.from(JSON.parse(`"${text}"`)).toString('base64')}"`);

const hyphened = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
