import { expect, test } from 'vitest';
import { ProblemReport } from './reports.ts';

const GOOD: ProblemReport = {
  version: '0.1.0',
  route: '/t/:tenant/patients/:id/:section',
  place: 'page',
  error: 'TypeError',
  kind: 'other',
  frames: [{ file: 'Chart-C7NZNFeL.js', line: 1, column: 204 }],
  browser: 'chrome',
  language: 'es',
  at: '2026-11-25T09:00:00.000Z',
};

test('a report of the program alone is taken', () => {
  expect(ProblemReport.safeParse(GOOD).success).toBe(true);
});

test.each([
  { change: { message: 'Ada Whitfield is not a function' }, because: 'there is no place for a message' },
  { change: { error: 'AdaWhitfield' }, because: 'an error is one of a list' },
  { change: { route: '/t/oak/patients/14e75609-d75f-4622-a5b7-cd8c74679fe4' }, because: 'an address names a record' },
  { change: { route: '/t/:tenant/patients/Whitfield' }, because: 'a pattern has no capital letters' },
  { change: { route: '/t/:tenant/patients?name=whitfield' }, because: 'a pattern has no query' },
  { change: { frames: [{ file: 'Ada Whitfield.js', line: 1, column: 1 }] }, because: 'a file of the build has no spaces' },
  { change: { frames: [{ file: 'https://x.test/a.js', line: 1, column: 1 }] }, because: 'a file is no address' },
  { change: { frames: [{ ...GOOD.frames[0], text: 'x' }] }, because: 'a frame says where, not what' },
  { change: { version: 'Whitfield' }, because: 'a version is three numbers' },
  { change: { browser: 'Whitfield 3.0' }, because: 'a browser is one of a list' },
  { change: { at: 'born 5 Oct 1980' }, because: 'a time is a time' },
])('refused: $because', ({ change }) => {
  expect(ProblemReport.safeParse({ ...GOOD, ...change }).success).toBe(false);
});
