import type { Bundle, FhirResource } from 'fhir/r4';
import { beforeAll, describe, expect, test } from 'vitest';
import type { KeySet, SignedNote } from '../../schemas/signed-note.ts';
import { memorySigner } from '../../test/support/signer.ts';
import { canonicalBytes } from './canonical.ts';
import { rawSignature } from './kms-signer.ts';
import { signDocument, verdictOn } from './signed-note.ts';

const document: Bundle<FhirResource> = {
  resourceType: 'Bundle',
  type: 'document',
  timestamp: '2026-11-25T14:20:00.000Z',
  entry: [
    { resource: { resourceType: 'Patient', name: [{ family: 'Łukasz 李 👩🏽‍⚕️', given: ['Zoë'] }], birthDate: '1980-10-05' } },
    { resource: { resourceType: 'Observation', status: 'final', code: { text: 'Weight' }, valueQuantity: { value: 72.5 } } },
  ],
};
const claims = {
  signer: { reference: 'Practitioner/1', name: 'Dr Ada Okafor' },
  clinic: 'oak',
  signedAt: '2026-11-25T14:20:00.000Z',
  meaning: 'author',
} as const;
const signer = memorySigner();
let note: SignedNote;
let trusted: KeySet;
beforeAll(async () => {
  const key = await signer.publicKey();
  trusted = { keys: [key] };
  note = {
    format: 'tessera-signed-note/1',
    document: document as SignedNote['document'],
    signature: await signDocument(signer, document, claims),
    key,
    keys: 'https://ehr.test/api/platform/signing-keys',
  };
});
const copy = (): SignedNote => structuredClone(note);

test('a signed note is valid, and says by whom and when; spaces and the order of names mean nothing', () => {
  expect(verdictOn(note, trusted)).toMatchObject({ kind: 'valid', claims });
  const shuffled = {
    ...note,
    document: JSON.parse(
      JSON.stringify(
        document,
        [
          'type',
          'resourceType',
          'timestamp',
          'entry',
          'resource',
          'valueQuantity',
          'value',
          'birthDate',
          'name',
          'given',
          'family',
          'status',
          'code',
          'text',
        ],
        2,
      ),
    ),
  };
  expect(verdictOn(shuffled, trusted)).toMatchObject({ kind: 'valid' });
});

test('of another installation, or forged whole with a key of one’s own: the key is unknown', async () => {
  const forger = memorySigner();
  const forged = { ...note, key: await forger.publicKey(), signature: await signDocument(forger, document, claims) };
  expect(verdictOn(forged, trusted)).toMatchObject({ kind: 'unknown-key' });
  expect(verdictOn(note, { keys: [] })).toMatchObject({ kind: 'unknown-key' });
});

describe('a change anywhere is found', () => {
  const changes: readonly { title: string; change: (file: SignedNote) => unknown }[] = [
    { title: 'a letter', change: (file) => JSON.parse(JSON.stringify(file).replace('Zoë', 'Zoé')) },
    {
      title: 'a letter spelled with other code points',
      change: (file) => JSON.parse(JSON.stringify(file).replace('Zoë', 'Zoe\u0308')),
    },
    { title: 'a digit of a value', change: (file) => JSON.parse(JSON.stringify(file).replace('72.5', '73.5')) },
    { title: 'a number turned into text', change: (file) => JSON.parse(JSON.stringify(file).replace('72.5', '"72.5"')) },
    { title: 'a date', change: (file) => JSON.parse(JSON.stringify(file).replace('1980-10-05', '1980-10-06')) },
    { title: 'a name of an element', change: (file) => JSON.parse(JSON.stringify(file).replace('"birthDate"', '"birthdate"')) },
    { title: 'an element more', change: (file) => ({ ...file, document: { ...file.document, language: 'en' } }) },
    { title: 'an element less', change: ({ document: { timestamp: _, ...rest }, ...file }) => ({ ...file, document: rest }) },
    {
      title: 'the order of a list',
      change: (file) => ({ ...file, document: { ...file.document, entry: [...(document.entry ?? [])].reverse() } }),
    },
    { title: 'a zero more', change: (file) => ({ ...file, document: { ...file.document, extra: null } }) },
  ];
  test.each(changes)('in the document: $title', ({ change }) => {
    expect(verdictOn(change(copy()), trusted)).toEqual({ kind: 'altered', what: 'document' });
  });

  test('in the signature: each of its letters, in header, claims and signature', () => {
    const letters = [...note.signature];
    for (const [at, letter] of letters.entries()) {
      const other = letter === '.' ? 'A' : letter === 'A' ? 'B' : 'A';
      const signature = [...letters.slice(0, at), other, ...letters.slice(at + 1)].join('');
      expect([at, verdictOn({ ...copy(), signature }, trusted).kind]).toEqual([at, 'altered']);
    }
  });

  test('in the claims, with the signature of other claims', async () => {
    const other = await signDocument(signer, { ...document, language: 'en' }, claims);
    expect(verdictOn({ ...copy(), signature: other }, trusted)).toEqual({ kind: 'altered', what: 'document' });
  });

  test.each([undefined, null, 'x', {}, { format: 'tessera-signed-note/1' }])('%j is no signed note', (file) => {
    expect(verdictOn(file, trusted)).toEqual({ kind: 'not-a-note' });
  });
});

test('canonical form is that of RFC 8785, 3.2.2 and 3.2.3', () => {
  const value = {
    numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    '\u20ac': 'Euro',
    '\r': 'CR',
    '1': 'One',
  };
  expect(canonicalBytes(value).toString()).toBe(
    '{"\\r":"CR","1":"One","numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"€":"Euro"}',
  );
});

test('KMS’s ASN.1 becomes two numbers of 32 bytes, short and signed ones too', () => {
  const der = Buffer.from([0x30, 0x27, 0x02, 0x01, 0x05, 0x02, 0x21, 0x00, ...Array<number>(31).fill(0xff), 0x01]);
  const raw = rawSignature(der);
  expect([raw.length, raw[31], raw[32], raw[63]]).toEqual([64, 5, 0xff, 1]);
});
