import { describe, expect, test } from 'vitest';
import { conditionalReference, rewriteReferences } from './references.ts';

describe('conditionalReference', () => {
  test.each([
    {
      text: 'Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|999',
      expected: { type: 'Practitioner', identifier: { system: 'http://hl7.org/fhir/sid/us-npi', value: '999' } },
      because: 'system and value',
    },
    { text: 'Location?identifier=abc', expected: { type: 'Location', identifier: { value: 'abc' } }, because: 'value alone' },
    {
      text: 'Location?identifier=urn%3Ax%7Ca%20b',
      expected: { type: 'Location', identifier: { system: 'urn:x', value: 'a b' } },
      because: 'percent-encoded',
    },
    { text: 'Practitioner?name=House', expected: undefined, because: 'only an identifier names one record' },
    { text: `P${'a'.repeat(3_000)}?identifier=1`, expected: undefined, because: 'a type that R4 has not becomes no key' },
    { text: 'Practitioner/1', expected: undefined, because: 'literal' },
  ])('$text: $because', ({ text, expected }) => expect(conditionalReference(text)).toEqual(expected));
});

describe('rewriteReferences', () => {
  const targets = {
    literal: (reference: string) => (reference === 'urn:uuid:1' ? 'Patient/p1' : undefined),
    conditional: ({ identifier }: { identifier: { value: string } }) =>
      identifier.value === '999' ? 'Practitioner/d1' : undefined,
  };

  test('an element called __proto__ stays an element, so that the validation sees it', () => {
    const hostile: unknown = JSON.parse('{"name":[{"__proto__":{"family":"x"}}]}');
    expect(JSON.stringify(rewriteReferences(hostile, targets).value)).toBe(JSON.stringify(hostile));
  });

  test('names records as they are called here, at any depth, and leaves the rest alone', () => {
    const { value, unresolved } = rewriteReferences(
      {
        subject: { reference: 'urn:uuid:1' },
        participant: [{ individual: { reference: 'Practitioner?identifier=npi|999', display: 'Dr. Wu' } }],
        identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:uuid:1' }],
        part: { reference: '#in' },
      },
      targets,
    );
    expect(value).toEqual({
      subject: { reference: 'Patient/p1' },
      participant: [{ individual: { reference: 'Practitioner/d1', display: 'Dr. Wu' } }],
      identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:uuid:1' }],
      part: { reference: '#in' },
    });
    expect(unresolved).toBe(0);
  });

  test('a conditional reference that matches nothing stays as an identifier: nothing is lost', () => {
    expect(rewriteReferences({ performer: { reference: 'Practitioner?identifier=npi|1', display: 'Dr. No' } }, targets)).toEqual({
      value: { performer: { type: 'Practitioner', display: 'Dr. No', identifier: { system: 'npi', value: '1' } } },
      unresolved: 1,
    });
  });
});
