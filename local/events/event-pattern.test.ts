import { describe, expect, test } from 'vitest';
import { fitsPattern } from './event-pattern.ts';

const event = {
  eventName: 'INSERT',
  detail: { state: 'open', count: 3, tags: ['a', 'b'], none: null },
  dynamodb: { NewImage: { events: { S: 'PatientCreated' } } },
};

describe('an event fits a pattern', () => {
  test.each<[pattern: unknown, fits: boolean, because: string]>([
    [{ eventName: ['INSERT', 'MODIFY'] }, true, 'one of the values'],
    [{ eventName: ['REMOVE'] }, false, 'none of the values'],
    [{ detail: { tags: ['b', 'z'] } }, true, 'a list fits by one of its members'],
    [{ eventName: ['INSERT'], detail: { state: ['closed'] } }, false, 'every field must fit'],
    [{ detail: { state: [{ exists: true }], other: [{ exists: false }] } }, true, 'there, and not there'],
    [{ dynamodb: { NewImage: { events: { S: [{ prefix: 'Patient' }] } } } }, true, 'a prefix, deep inside'],
    [{ dynamodb: { OldImage: { events: { S: [{ exists: true }] } } } }, false, 'nothing below what is not there'],
    [{ detail: { state: [{ 'anything-but': ['closed', 'void'] }] } }, true, 'anything but these'],
    [{ detail: { state: [{ 'anything-but': { prefix: 'op' } }] } }, false, 'anything but with a comparison'],
    [{ detail: { count: [{ numeric: ['>', 2, '<=', 3] }] } }, true, 'between two numbers'],
    [{ detail: { count: [{ numeric: ['>', 3] }] } }, false, 'and outside them'],
    [{ detail: { none: [null] } }, true, 'null is a value'],
    [{ $or: [{ eventName: ['REMOVE'] }, { detail: { state: ['open'] } }] }, true, 'either of two'],
    [{}, true, 'an empty pattern'],
  ])('%j: %s, %s', (pattern, fits) => {
    expect(fitsPattern(pattern, event)).toBe(fits);
  });

  test('a comparison that nobody knows is an error, not a miss', () => {
    expect(() => fitsPattern({ eventName: [{ rhymes: 'x' }] }, event)).toThrow(/rhymes/);
  });
});
