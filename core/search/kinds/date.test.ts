import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DateRange, dateMatches, dateRanges, PREFIXES, type Prefix, parseDateTest, rangeOf, startBounds } from './date.ts';

const iso = (ms: number | undefined) => (ms === undefined ? undefined : Number.isFinite(ms) ? new Date(ms).toISOString() : ms);

describe('rangeOf', () => {
  test.each([
    { text: '2024', from: '2024-01-01T00:00:00.000Z', to: '2025-01-01T00:00:00.000Z', because: 'a year' },
    { text: '2024-02', from: '2024-02-01T00:00:00.000Z', to: '2024-03-01T00:00:00.000Z', because: 'a month, of a leap year' },
    {
      text: '2024-12',
      from: '2024-12-01T00:00:00.000Z',
      to: '2025-01-01T00:00:00.000Z',
      because: 'December ends in the next year',
    },
    {
      text: '2024-02-29',
      from: '2024-02-29T00:00:00.000Z',
      to: '2024-03-01T00:00:00.000Z',
      because: 'a day without a zone is a day of UTC',
    },
    {
      text: '2024-05-01T10:30',
      from: '2024-05-01T10:30:00.000Z',
      to: '2024-05-01T10:31:00.000Z',
      because: 'minutes, in a search',
    },
    {
      text: '2024-05-01T10:30:15+02:00',
      from: '2024-05-01T08:30:15.000Z',
      to: '2024-05-01T08:30:16.000Z',
      because: 'a second, where it was',
    },
    { text: '2024-05-01T10:30:15.25Z', from: '2024-05-01T10:30:15.250Z', to: '2024-05-01T10:30:15.260Z', because: 'hundredths' },
    {
      text: '2024-03-10T01:59:59-05:00',
      from: '2024-03-10T06:59:59.000Z',
      to: '2024-03-10T07:00:00.000Z',
      because: 'the second before New York springs forward',
    },
    {
      text: '2024-03-10T03:00:00-04:00',
      from: '2024-03-10T07:00:00.000Z',
      to: '2024-03-10T07:00:01.000Z',
      because: 'and the second after: one second later, not an hour',
    },
    {
      text: '2024-11-03T01:30:00-04:00',
      from: '2024-11-03T05:30:00.000Z',
      to: '2024-11-03T05:30:01.000Z',
      because: 'half past one, the first time',
    },
    {
      text: '2024-11-03T01:30:00-05:00',
      from: '2024-11-03T06:30:00.000Z',
      to: '2024-11-03T06:30:01.000Z',
      because: 'half past one, the second time: an hour later',
    },
    {
      text: '2016-12-31T23:59:60Z',
      from: '2016-12-31T23:59:59.999Z',
      to: '2017-01-01T00:00:00.999Z',
      because: 'a leap second is the end of the one before',
    },
  ])('$text: $because', ({ text, from, to }) => {
    const range = rangeOf(text);
    expect([iso(range?.fromMs), iso(range?.toMs)]).toEqual([from, to]);
  });

  test.each([
    '',
    'tomorrow',
    '2024-13',
    '2023-02-29',
    '2024-06-31',
    '24-01-01',
    '2024-01-01T25:00:00Z',
    '2024-01-01T10',
    '2024-1-1',
  ])('%j is no date', (text) => {
    expect(rangeOf(text)).toBeUndefined();
  });
});

describe('dateRanges', () => {
  test('a period is open where it says nothing', () => {
    expect(dateRanges({ start: '2024-05' }, 'Period')).toEqual([{ fromMs: Date.UTC(2024, 4), toMs: Infinity }]);
    expect(dateRanges({ end: '2024-05' }, 'Period')).toEqual([{ fromMs: -Infinity, toMs: Date.UTC(2024, 5) }]);
  });
  test('a timing is each of its events', () => {
    expect(dateRanges({ event: ['2024-05-01', '2024-06-01'] }, 'Timing')).toHaveLength(2);
  });
  test('a period at the very epoch is not taken for an open one', () => {
    expect(dateRanges({ start: '1970-01-01T00:00:00Z', end: '1970-01-01T00:00:00Z' }, 'Period')).toEqual([
      { fromMs: 0, toMs: 1_000 },
    ]);
  });
});

const asked = (prefix: Prefix) => parseDateTest(`${prefix}2024-05-10`, 'date', Date.UTC(2024, 4, 20));

describe('dateMatches: a day asked for', () => {
  test.each<{ target: string | { start?: string; end?: string }; matching: Prefix[]; because: string }>([
    { target: '2024-05-10', matching: ['eq', 'ge', 'le', 'ap'], because: 'the same day' },
    { target: '2024-05-10T12:00:00Z', matching: ['eq', 'ge', 'le', 'ap'], because: 'a moment of the day' },
    {
      target: '2024-05-09',
      matching: ['ne', 'lt', 'le', 'eb', 'ap'],
      because: 'the day before; within 10 % of the distance to now',
    },
    { target: '2024-05-12', matching: ['ne', 'gt', 'ge', 'sa'], because: 'two days after' },
    { target: '2024-05', matching: ['ne', 'gt', 'lt', 'ge', 'le', 'ap'], because: 'a month around it overlaps both sides' },
    {
      target: { start: '2024-05-01', end: '2024-05-10' },
      matching: ['ne', 'lt', 'ge', 'le', 'ap'],
      because: 'a stay that ended that day is not over before it',
    },
    {
      target: { start: '2024-05-01' },
      matching: ['ne', 'gt', 'lt', 'ge', 'le', 'ap'],
      because: 'a stay that began earlier and goes on: date=ge must find it',
    },
    { target: { end: '2024-05-01' }, matching: ['ne', 'lt', 'le', 'eb'], because: 'a stay long over, begun who knows when' },
  ])('of $target: $matching ($because)', ({ target, matching }) => {
    const [range] = typeof target === 'string' ? dateRanges(target, 'dateTime') : dateRanges(target, 'Period');
    expect(PREFIXES.filter((prefix) => dateMatches(asked(prefix), range as DateRange)).sort()).toEqual([...matching].sort());
  });

  test('a day in another zone overlaps two of our days', () => {
    const [evening] = dateRanges('2024-05-10T22:00:00-04:00', 'dateTime'); // 02:00 UTC on the 11th
    expect(dateMatches(asked('eq'), evening as DateRange)).toBe(false);
    expect(dateMatches(asked('gt'), evening as DateRange)).toBe(true);
  });
});

describe('parseDateTest', () => {
  test('a plus that the address made a space is a plus', () => {
    expect(parseDateTest('ge2024-05-01T10:00:00 02:00', 'date', 0).fromMs).toBe(Date.parse('2024-05-01T08:00:00Z'));
  });
  test.each(['ge', 'xx2024', 'ge2024-02-30', '2024-05-01..2024-06-01'])('%j is refused', (text) => {
    expect(() => parseDateTest(text, 'date', 0)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});

/** Days of two years, as targets: whole days, months, years, periods. */
const someDay = fc.integer({ min: 0, max: 730 }).map((days) => new Date(Date.UTC(2023, 0, 1 + days)).toISOString().slice(0, 10));
const point = fc.tuple(someDay, fc.constantFrom(4, 7, 10)).map(([text, length]) => text.slice(0, length));
const period = fc.tuple(fc.option(someDay), fc.option(someDay)).map(([one, other]) => {
  const [start, end] = one && other ? [one, other].sort() : [one, other];
  return { ...(start && { start }), ...(end && { end }) };
});

test('whatever matches begins within the bounds that keys are searched in', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PREFIXES), point, fc.oneof(point, period), (prefix, text, target) => {
      const test = parseDateTest(`${prefix}${text}`, 'date', Date.UTC(2024, 6));
      const isPeriod = typeof target !== 'string';
      const [range] = dateRanges(target, isPeriod ? 'Period' : 'dateTime');
      if (!range || !dateMatches(test, range)) return;
      const { fromMs = -Infinity, toMs = Infinity } = startBounds(test, isPeriod);
      expect(range.fromMs).toBeGreaterThanOrEqual(fromMs);
      expect(range.fromMs).toBeLessThan(toMs);
    }),
    { numRuns: 2_000 },
  );
});

test('of days compared with days, the prefixes are the comparisons of the texts', () => {
  fc.assert(
    fc.property(someDay, someDay, (wanted, stored) => {
      const range = rangeOf(stored) as DateRange;
      const is = (prefix: Prefix) => dateMatches(parseDateTest(prefix + wanted, 'date', 0), range);
      expect([is('eq'), is('ne'), is('gt'), is('lt'), is('ge'), is('le'), is('sa'), is('eb')]).toEqual([
        stored === wanted,
        stored !== wanted,
        stored > wanted,
        stored < wanted,
        stored >= wanted,
        stored <= wanted,
        stored > wanted,
        stored < wanted,
      ]);
    }),
  );
});
