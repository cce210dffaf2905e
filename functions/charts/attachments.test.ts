import type { DocumentReference } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { withoutLongAttachments } from './attachments.ts';

const document = (data: string): DocumentReference => ({
  resourceType: 'DocumentReference',
  status: 'current',
  content: [
    { attachment: { contentType: 'application/pdf', title: 'Referral', data } },
    { attachment: { url: 'https://example.org/scan' } },
  ],
});

describe('withoutLongAttachments', () => {
  test('a scan of half a megabyte stays behind, with everything said about it in place', () => {
    const [first, second] = withoutLongAttachments(document('A'.repeat(500_000))).content;
    expect(first?.attachment).toEqual({ contentType: 'application/pdf', title: 'Referral' });
    expect(second).toEqual({ attachment: { url: 'https://example.org/scan' } });
  });
  test('a short note stays, and nothing is copied', () => {
    const note = document('c2hvcnQ=');
    expect(withoutLongAttachments(note)).toBe(note);
  });
});
