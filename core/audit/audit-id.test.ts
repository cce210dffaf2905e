import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FhirId } from '../../schemas/ids.ts';
import { auditIdOfWrite, newAuditId, placeOfAuditId } from './audit-id.ts';

const instant = fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') });

describe('an AuditEvent’s id', () => {
  test('says to the millisecond when it was recorded, and one of four shards', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        const id = FhirId.parse(newAuditId(ms));
        const place = placeOfAuditId(id);
        expect(place?.recorded).toBe(new Date(ms).toISOString());
        expect([0, 1, 2, 3]).toContain(place?.shard);
      }),
    );
  });

  test('of a write follows from the version’s time, its mark and its patient, and from nothing else', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: 0, max: 2 ** 47 }), (ms, mark) => {
        const writeId = mark.toString(16).padStart(12, '0');
        const of = (patient: string | undefined) => auditIdOfWrite(ms, writeId, patient as FhirId | undefined);
        expect(of('ada')).toBe(of('ada'));
        expect(new Set([of('ada'), of('ben'), of(undefined)]).size).toBe(3);
        expect(placeOfAuditId(of('ada'))?.recorded).toBe(new Date(ms).toISOString());
      }),
    );
  });

  test('later ids sort later, and rows spread over all shards', () => {
    const ids = Array.from({ length: 200 }, (_, ms) => newAuditId(1_764_000_000_000 + ms));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids.map((id) => placeOfAuditId(id)?.shard)).size).toBe(4);
  });

  test.each(['', 'nobody', crypto.randomUUID(), newAuditId(0).toUpperCase().replace('0', 'F'), `${newAuditId(0)}0`])(
    '%s is none',
    (id) => expect(placeOfAuditId(id)).toBeUndefined(),
  );
});
