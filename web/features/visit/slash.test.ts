import { expect, test } from 'vitest';
import { slashAt, withoutSlash } from './slash.ts';

test.each([
  { text: '/', name: '', argument: '', rest: '' },
  { text: 'Cough. /prob', name: 'prob', argument: '', rest: 'Cough. ' },
  { text: 'One\n/problem acute bronchitis', name: 'problem', argument: 'acute bronchitis', rest: 'One\n' },
  { text: '/alergia penicilina', name: 'alergia', argument: 'penicilina', rest: '' },
])('“$text” is the command “$name”', ({ text, name, argument, rest }) => {
  const slash = slashAt(text, text.length);
  expect([slash?.name, slash?.argument]).toEqual([name, argument]);
  expect(slash && withoutSlash(text, slash)).toBe(rest);
});

test.each(['and/or', '120/80', 'https://example.org', 'a / b', ''])('“%s” is text', (text) => {
  expect(slashAt(text, text.length)).toBeUndefined();
});

test('only what stands before the caret counts', () => {
  expect(slashAt('/plan and more', 3)).toMatchObject({ name: 'pl', from: 0, to: 3 });
});
