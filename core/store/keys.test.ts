import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import {
  changeTime,
  codeRange,
  indexRange,
  instantOfChangeTime,
  keys,
  packId,
  parseIndexSk,
  parseRecordSk,
  patientOfPlace,
  places,
  tenantPrefix,
  typeRange,
  unpackId,
  WHOLE_PLACE,
} from './keys.ts';

const fhirId = fc.oneof(fc.stringMatching(/^[A-Za-z0-9.-]{1,64}$/), fc.uuid()) as fc.Arbitrary<FhirId>;
const tenantId = fc.stringMatching(/^[a-z0-9]{8,20}$/) as fc.Arbitrary<TenantId>;
const before = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
const within = (sk: string, { from, to }: { from: string; to: string }) => !before(sk, from) && before(sk, to);

test('a packed id is unpacked to itself, and two ids never share one', () => {
  fc.assert(
    fc.property(fhirId, fhirId, (a, b) => {
      expect(unpackId(packId(a))).toBe(a);
      expect(packId(a) === packId(b)).toBe(a === b);
    }),
  );
});

test('no key of one tenant begins as another’s, whatever the parts say', () => {
  fc.assert(
    fc.property(tenantId, tenantId, fhirId, fc.string(), fc.string(), (tenant, other, id, value, user) => {
      fc.pre(tenant !== other);
      const made = [
        keys.record(tenant, 'Patient', id, { place: places.chart(id), time: '0' }),
        keys.locator(tenant, 'Patient', id),
        keys.codeRow(tenant, 'Observation', id, value, { place: places.chart(id), time: '0' }),
        keys.indexRow(tenant, 'Patient', 'name', value, id),
        keys.onlyOne(tenant, 'Patient', value),
        keys.operation(tenant, user, value),
      ];
      for (const { pk } of made) {
        expect(pk.startsWith(tenantPrefix(tenant))).toBe(true);
        expect(pk.startsWith(tenantPrefix(other))).toBe(false);
      }
    }),
  );
});

describe('ranges hold their own keys and no others', () => {
  test('of a type: not of one whose name goes on', () => {
    const sk = (type: string) => `${type}#2024#x`;
    expect(within(sk('Medication'), typeRange('Medication'))).toBe(true);
    expect(within(sk('MedicationRequest'), typeRange('Medication'))).toBe(false);
    expect(within(sk('Condition'), typeRange('AllergyIntolerance', 'Condition'))).toBe(true);
    expect(within(sk('Consent'), typeRange('AllergyIntolerance', 'Condition'))).toBe(false);
  });

  test('of a code: whatever the codes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fhirId, (code, other, id) => {
        const { sk } = keys.codeRow('aaaaaaaa' as TenantId, 'Observation', id, other, { place: 'p', time: '2024' });
        expect(within(sk, codeRange('Observation', code))).toBe(code === other);
        expect(within(sk, WHOLE_PLACE)).toBe(false);
      }),
    );
  });

  test('of an index value: the whole of it, or a beginning', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    fc.assert(
      fc.property(text, text, fhirId, (value, more, id) => {
        const { sk } = keys.indexRow('aaaaaaaa' as TenantId, 'Patient', 'name', value + more, id);
        expect(within(sk, indexRange({ prefix: value }))).toBe(true);
        expect(within(sk, indexRange({ exact: value }))).toBe(more === '');
        expect(parseIndexSk(sk)).toEqual({ value: value + more, id });
      }),
    );
  });
});

test('a record’s sort key says its type, time and id; a place says whose chart it is', () => {
  fc.assert(
    fc.property(fhirId, fhirId, (id, patient) => {
      const { sk } = keys.record('aaaaaaaa' as TenantId, 'Observation', id, { place: places.chart(patient), time: '2024' });
      expect(parseRecordSk(sk)).toEqual({ type: 'Observation', time: '2024', id });
      expect([places.chart(patient), places.admin(patient)].map(patientOfPlace)).toEqual([patient, patient]);
    }),
  );
  expect(patientOfPlace(places.ofType('Practitioner'))).toBeUndefined();
});

test('change times stand in the order of time and come back to the millisecond', () => {
  const instant = fc
    .date({ min: new Date(0), max: new Date('5000-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      expect(instantOfChangeTime(changeTime(a))).toBe(a);
      expect(before(changeTime(a), changeTime(b))).toBe(a < b);
    }),
  );
});
