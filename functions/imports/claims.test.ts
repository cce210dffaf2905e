import type { Observation } from 'fhir/r4';
import { describe, expect, test } from 'vitest';
import { profileUrl } from '../../schemas/us-core/profiles.ts';
import { SOUND_EXAMPLES } from '../../schemas/us-core/sound-examples.ts';
import { claimsSettled, UNMET_CLAIM } from './claims.ts';

const smoking = SOUND_EXAMPLES['us-core-smokingstatus'] as Observation;
const CLAIM = profileUrl('us-core-smokingstatus');
const claiming = (profile: string[], more: Partial<Observation> = {}): Observation => ({
  ...smoking,
  ...more,
  meta: { source: 'https://old-ehr.test', profile },
});

describe('a record that comes from elsewhere', () => {
  test('keeps a claim that it meets, and those that nobody here can check', () => {
    const record = claiming([CLAIM, `${profileUrl('us-core-smokingstatus')}|3.1.1`, 'https://elsewhere.test/profile']);
    expect(claimsSettled(record)).toEqual({ resource: record, unmet: 0 });
  });

  test('has a claim that it does not meet as a tag, and is otherwise what it was', () => {
    const record = claiming([CLAIM, 'https://elsewhere.test/profile'], { category: [{ text: 'history' }] });
    const { resource, unmet } = claimsSettled(record);
    expect(unmet).toBe(1);
    expect(resource).toEqual({
      ...record,
      meta: {
        source: 'https://old-ehr.test',
        profile: ['https://elsewhere.test/profile'],
        tag: [{ system: UNMET_CLAIM, code: CLAIM }],
      },
    });
  });

  test('keeps the tags that it had', () => {
    const record = claiming([`${CLAIM}|6.1.0`], { category: [] });
    const tag = { system: 'https://old-ehr.test/tags', code: 'night' };
    expect(claimsSettled({ ...record, meta: { ...record.meta, tag: [tag] } }).resource.meta).toEqual({
      source: 'https://old-ehr.test',
      tag: [tag, { system: UNMET_CLAIM, code: `${CLAIM}|6.1.0` }],
    });
  });
});
