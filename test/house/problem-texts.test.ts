import { globSync } from 'node:fs';
import i18next from 'i18next';
import { expect, test } from 'vitest';
import { Problem, said, toOutcome } from '../../core/outcome.ts';
import { PROBLEM_TEXTS } from '../../schemas/problem-texts.ts';
import { sayIn } from '../../web/i18n/index.ts';
import { problems as spanish } from '../../web/i18n/problems/es.ts';
import { ApiError, createApi } from '../../web/lib/api.ts';
import { eachPiece, literalText, type Piece } from './syntax.ts';

/** What answers the screens' own requests. The FHIR API says much more, to programs: its texts stay where they are thrown. */
const BEHIND_SCREENS = ['people', 'operator', 'imports', 'platform', 'charts', 'events', 'records/rules'];
/** What only a program can meet. */
const FOR_PROGRAMS = new Set([
  'An Idempotency-Key has 8 to 128 visible characters.',
  'after is the slug that the last page ended with.',
  'The bus did not take every event.',
  'Another worker is sending this mail.',
]);

/** Texts that a Problem is given where it is thrown, instead of by their name. */
function unnamedTexts(file: string, text?: string): string[] {
  const found: string[] = [];
  eachPiece(
    file,
    (piece, above, line) => {
      const isProblem = ({ type, callee }: Piece) => type === 'NewExpression' && (callee as { name?: string }).name === 'Problem';
      const problem = above.find(isProblem);
      const written = literalText(piece);
      const [kind] = (problem?.arguments ?? []) as Piece[];
      if (!problem || written === undefined || piece.start === kind?.start || !/\p{L} .*[.!]$/u.test(written)) return;
      if (!FOR_PROGRAMS.has(written)) found.push(`${file}:${line}: ${written}`);
    },
    text,
  );
  return found;
}

test('every refusal behind a screen has a name, by which the app says it in the reader’s language', () => {
  const files = BEHIND_SCREENS.flatMap((folder) => globSync(`functions/${folder}/**/*.ts`)).filter(
    (file) => !/\.test\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(40);
  expect(files.flatMap((file) => unnamedTexts(file))).toEqual([]);
});

test('a text of its own would be found', () => {
  expect(unnamedTexts('a.ts', "throw new Problem('conflict', 'Choose another name.')")).toHaveLength(1);
  expect(unnamedTexts('a.ts', `throw new Problem('conflict', [{ text: \`Choose \${one}, please.\` }])`)).toHaveLength(1);
  expect(unnamedTexts('a.ts', "throw new Problem('conflict', said('slug-taken'))")).toEqual([]);
});

test('a translation fills in what the text fills in', () => {
  const values = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();
  for (const [name, text] of Object.entries(PROBLEM_TEXTS)) {
    const own = values(spanish[name as keyof typeof spanish]);
    expect(values(text), name).toEqual(expect.arrayContaining(own));
  }
});

/** What a screen says of a refusal, over the wire and back. */
async function shown(language: 'en' | 'es', problem: Problem): Promise<string> {
  await i18next.init({
    lng: 'en',
    resources: { es: { translation: { problems: spanish } } },
    interpolation: { escapeValue: false },
  });
  const answer = new Response(JSON.stringify(toOutcome(problem)), { status: problem.status });
  const api = createApi('oak', { token: async () => undefined, onSignedOut: () => undefined, fetch: async () => answer });
  const error: unknown = await api.get('/me').catch((cause: unknown) => cause);
  return error instanceof ApiError ? error.issues.map(sayIn(language).fault).join(' ') : '';
}

test('the name and what is filled in go over the wire beside the text', async () => {
  const missing = new Problem('rule-broken', said('import-files-missing', { names: 'Ana & María.ndjson' }));
  expect(await shown('en', missing)).toBe('Upload these files first: Ana & María.ndjson.');
  expect(await shown('es', missing)).toBe('Suba primero estos archivos: Ana & María.ndjson.');
});

test('a text without a name is shown as the server wrote it', async () => {
  expect(await shown('es', new Problem('invalid', 'The body is not UTF-8.'))).toBe('The body is not UTF-8.');
});
