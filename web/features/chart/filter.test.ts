import { describe, expect, test } from 'vitest';
import { filtered, filterOf, withFilter } from './filter.ts';
import type { Line } from './lines.ts';

const english = { tag: 'en-GB', timeZone: 'UTC' };
const line = (title: string, when: string | undefined, more: Partial<Line> = {}): Line => ({
  type: 'Condition',
  id: title,
  title,
  ...(when && { when }),
  status: { code: 'active', trust: 'settled', current: true },
  sameAs: title,
  rank: 0,
  ...more,
});
const lines = [
  line('Asthma', '2020-03-01'),
  line('Émbolo pulmonar', '2024-10-05T23:30:00Z'),
  line('Broken arm', '2019-01-01', { until: '2019-06-01', status: { code: 'resolved', trust: 'settled', current: false } }),
  line('Wrong entry', '2021', { status: { code: 'entered-in-error', trust: 'entered-in-error', current: false } }),
  line('Undated', undefined),
];
const titles = (query: string, text = '') =>
  filtered(lines, { ...filterOf(new URLSearchParams(query)), text }, english).map((found) => found.title);

describe('a filter from the address', () => {
  test.each([
    {
      query: '',
      found: ['Émbolo pulmonar', 'Wrong entry', 'Asthma', 'Broken arm', 'Undated'],
      because: 'everything, newest first',
    },
    { query: '', text: 'embolo', found: ['Émbolo pulmonar'], because: 'accents do not matter' },
    { query: '', text: 'arm broken', found: ['Broken arm'], because: 'every word, in any order' },
    { query: 'status=current', found: ['Émbolo pulmonar', 'Asthma', 'Undated'], because: 'what holds now' },
    { query: 'status=past', found: ['Broken arm'], because: 'what is over, but not what was never true' },
    { query: 'status=in-error', found: ['Wrong entry'], because: 'what was taken back' },
    { query: 'from=2019-05-01&to=2019-12-31', found: ['Broken arm'], because: 'a span counts when any of its days does' },
    { query: 'to=2024-10-05&from=2024-10-05', found: ['Émbolo pulmonar'], because: 'the last day is a whole day' },
    {
      query: 'from=tomorrow',
      found: ['Émbolo pulmonar', 'Wrong entry', 'Asthma', 'Broken arm', 'Undated'],
      because: 'what is no date does not filter',
    },
    {
      query: 'sort=name',
      found: ['Asthma', 'Broken arm', 'Émbolo pulmonar', 'Undated', 'Wrong entry'],
      because: 'É stands beside E',
    },
  ])('$query $text: $because', ({ query, text, found }) => expect(titles(query, text)).toEqual(found));

  test('a part that is as we ship it leaves the address', () => {
    const query = new URLSearchParams('status=past&code=8867-4');
    expect(withFilter(query, { status: 'all' }).toString()).toBe('code=8867-4');
    expect(withFilter(query, { from: '2026-01-01' }).toString()).toBe('status=past&code=8867-4&from=2026-01-01');
  });
});
