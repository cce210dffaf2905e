import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProblemReport } from '../../schemas/reports.ts';
import { problemReport, routePattern } from './problem-report.ts';

const PARAMS = { tenant: 'oak', id: '14e75609-d75f-4622-a5b7-cd8c74679fe4', section: 'problems' };
const CONTEXT = {
  place: 'page' as const,
  version: '0.1.0',
  pathname: `/t/oak/patients/${PARAMS.id}/problems`,
  params: PARAMS,
  userAgent: 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36 Edg/153.0',
  language: 'es' as const,
  nowIso: '2026-11-25T09:00:00.000Z',
};
const broken = (message: string, stack: string, name = 'TypeError') => Object.assign(new Error(message), { name, stack });

describe('a report', () => {
  test('says where in our files, and nothing of the message, the functions or the address', () => {
    const error = broken(
      'Ada Whitfield is not iterable',
      [
        'TypeError: Ada Whitfield is not iterable',
        '    at Whitfield (http://localhost:3000/assets/Chart-C7NZNFeL.js:12:204)',
        'drawWhitfield@https://ehr.example/assets/index-DopTlrca.js:1:99',
        '    at async https://ehr.example/assets/es-Bc678pnA.js:3:4',
        '    at chrome-extension://abc/Whitfield.js:1:1',
        '    at <anonymous>',
      ].join('\n'),
    );
    expect(problemReport(error, CONTEXT)).toEqual({
      version: '0.1.0',
      route: '/t/:tenant/patients/:id/:section',
      place: 'page',
      error: 'TypeError',
      kind: 'other',
      frames: [
        { file: 'Chart-C7NZNFeL.js', line: 12, column: 204 },
        { file: 'index-DopTlrca.js', line: 1, column: 99 },
        { file: 'es-Bc678pnA.js', line: 3, column: 4 },
      ],
      browser: 'edge',
      language: 'es',
      at: '2026-11-25T09:00:00.000Z',
    });
  });

  test('of a message that looks like a line of a stack takes nothing', () => {
    const message = 'Whitfield\n    at x (http://localhost/assets/Whitfield.js:1:1)';
    const error = broken(message, `Error: ${message}\n    at y (http://localhost/assets/index-a.js:1:2)`, 'Error');
    expect(problemReport(error, CONTEXT).frames).toEqual([{ file: 'index-a.js', line: 1, column: 2 }]);
  });

  test('whatever was thrown, wherever, holds no word of the record and is one that the server takes', () => {
    const name = 'Whitfield';
    const around = fc.string({ maxLength: 40 }).map((text) => `${text}${name}`);
    fc.assert(
      fc.property(around, around, around, fc.constantFrom('Error', name, 'ApiError'), (message, stack, place, error) => {
        const made = problemReport(broken(message, stack, error), {
          ...CONTEXT,
          pathname: `/t/oak/patients/${encodeURIComponent(place)}`,
          params: { tenant: 'oak', id: place },
          userAgent: message,
        });
        expect(JSON.stringify(made)).not.toContain(name);
        expect(ProblemReport.safeParse(made).success).toBe(true);
      }),
    );
  });

  test.each([
    { message: 'Failed to fetch dynamically imported module: http://x/assets/a.js', kind: 'part-not-loaded' },
    { message: 'error loading dynamically imported module', kind: 'part-not-loaded' },
    { message: 'Importing a module script failed.', kind: 'part-not-loaded' },
    { message: 'Objects are not valid as a React child (found: object with keys {Whitfield})', kind: 'not-drawable' },
    { message: 'Maximum call stack size exceeded', kind: 'endless' },
    { message: 'The quota has been exceeded.', kind: 'storage-full' },
    { message: 'Whitfield', kind: 'other' },
  ])('$message is of the kind $kind', ({ message, kind }) => {
    expect(problemReport(new Error(message), CONTEXT).kind).toBe(kind);
  });
});

test.each([
  { path: '/', params: {}, expected: '/', because: 'the start' },
  {
    path: '/t/oak/settings/people',
    params: { tenant: 'oak' },
    expected: '/t/:tenant/settings/people',
    because: 'words of ours stay',
  },
  {
    path: '/t/oak/patients/Whitfield',
    params: { tenant: 'oak' },
    expected: '/t/:tenant/patients/:other',
    because: 'what nobody has named',
  },
  {
    path: '/t/oak/patients/%E0%A4%A',
    params: { tenant: 'oak' },
    expected: '/t/:tenant/patients/:other',
    because: 'what cannot be read',
  },
])('$path → $expected: $because', ({ path, params, expected }) => {
  expect(routePattern(path, params)).toBe(expected);
});
