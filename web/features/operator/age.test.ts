import { expect, test } from 'vitest';
import { formatAge } from './age.ts';

test.each([
  { seconds: 0, language: 'en-GB', words: '0 seconds' },
  { seconds: 119, language: 'en-GB', words: '119 seconds' },
  { seconds: 120, language: 'en-GB', words: '2 minutes' },
  { seconds: 7_199, language: 'en-GB', words: '119 minutes' },
  { seconds: 7_200, language: 'es', words: '2 horas' },
  { seconds: 400_000, language: 'es', words: '4 días' },
])('$seconds s in $language: $words', ({ seconds, language, words }) => expect(formatAge(seconds, language)).toBe(words));
