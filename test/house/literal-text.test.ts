import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eachPiece, literalText, type Piece } from './syntax.ts';

/**
 * Every word that a person reads comes from the catalogues (web/i18n), or it stays English in the Spanish app. Read as text: what stands
 * between tags, what an attribute for people holds, and any string of two or more words.
 */
const ATTRIBUTES =
  /^(title|label|alt|placeholder|description|summary|message|error|children|aria-(label|description|roledescription|valuetext))$/;
/** The name of the product, units, and signs. */
const ALLOWED = new Set(['Tessera', 'mmHg', 'Ctrl']);
/** The way to a text of the catalogues: "people.staff.withdraw". */
const KEY = /^[a-z][\w]*(\.[\w{}-]+)+$/;
const WORD = /\p{L}{2,}/u;
/** Between a sentence and a list of class names or a query stands its first letter or its full stop. */
const SENTENCE = /^\p{Lu}[\p{L}’']*(?: [\p{L}’'\d]+)+|\p{L} .*[.!?…]$/u;

const isWords = (text: string): boolean => WORD.test(text.replaceAll('{}', ' ')) && !ALLOWED.has(text.trim()) && !KEY.test(text);
const nameOf = (piece: Piece | undefined): string => String((piece?.name as Piece | undefined)?.name ?? '');
/** Errors are for whoever mends the program; what a type or an import names is not shown. */
const isUnseen = (above: readonly Piece[]): boolean =>
  above.some(
    ({ type, callee }) =>
      /^(ThrowStatement|Import|TS)/.test(type) ||
      (type === 'NewExpression' && /Error$/.test(nameOf({ type: '', start: 0, name: callee }))),
  );

function literalsIn(file: string, text?: string): string[] {
  const found: string[] = [];
  eachPiece(
    file,
    (piece, above, line) => {
      const said = piece.type === 'JSXText' ? String(piece.value).trim() : literalText(piece);
      if (!said || !isWords(said) || isUnseen(above)) return;
      const attribute = above.findLast(({ type }) => type === 'JSXAttribute');
      const name = nameOf(attribute);
      // Inside an attribute or a child only what is its value: not the key of a text, nor what a condition compares with.
      const parent = above.at(-1);
      const isValue = !parent || !['CallExpression', 'BinaryExpression', 'MemberExpression', 'Property'].includes(parent.type);
      const inElement = [
        'JSXElement',
        'JSXFragment',
        'JSXExpressionContainer',
        'LogicalExpression',
        'ConditionalExpression',
        'TemplateLiteral',
        'JSXAttribute',
      ].includes(parent?.type ?? '');
      const shown =
        piece.type === 'JSXText' ||
        (isValue && inElement && (attribute ? ATTRIBUTES.test(name) : true) && above.some(({ type }) => type.startsWith('JSX')));
      if (shown || SENTENCE.test(said)) found.push(`${file}:${line}: ${said}`);
    },
    text,
  );
  return found;
}

const screens = globSync('web/**/*.tsx').filter((file) => !/\.test\.tsx$/.test(file));

test('no screen holds a text of its own', () => {
  expect(screens.length).toBeGreaterThan(60); // so that reading nothing is not what passes
  expect(screens.flatMap((file) => literalsIn(file))).toEqual([]);
});

test.each([
  ['<p>Nothing found</p>', 1],
  ['<p>Saved</p>', 1],
  ["<p>{isNew ? 'Recorded' : t('common.saved')}</p>", 1],
  ['<button aria-label="Close" />', 1],
  [`<input placeholder={\`Find \${what}\`} />`, 1],
  ["tell('Nothing was changed.')", 1],
  ["const WORDS = { empty: 'No patients yet' }", 1],
  ['<b>Tessera</b>', 0],
  ['<i>{value} %</i>', 0],
  ["<p className='wide open'>{t('common.loading')}</p>", 0],
  ["throw new Error('No root. Check the page.')", 0],
])('%s holds %i', (code, count) => expect(literalsIn('screen.tsx', code)).toHaveLength(count));
