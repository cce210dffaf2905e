/**
 * The pseudo-locale: every text accented, a third longer and in brackets. A screen shown in it reveals what does not come from the
 * catalogue and what breaks when words grow. Placeholders and mark-up stay as they are.
 */
const ACCENTED: Record<string, string> = {
  a: 'á',
  e: 'é',
  i: 'í',
  o: 'ó',
  u: 'ú',
  c: 'ç',
  n: 'ñ',
  A: 'Á',
  E: 'É',
  I: 'Í',
  O: 'Ó',
  U: 'Ú',
  C: 'Ç',
  N: 'Ñ',
};

export function pseudoText(text: string): string {
  const accented = text.replace(/\{\{[^}]*\}\}|<[^>]*>|[aeioucn]/gi, (piece) => ACCENTED[piece] ?? piece);
  // In words of eight, as a language has them: a line may break between two.
  const more = '~'.repeat(Math.ceil(text.length / 3)).replace(/(~{8})(?=~)/g, '$1 ');
  return `[${accented}${more}]`;
}

export function pseudoCatalogue<T extends object>(texts: T): T {
  const made = Object.entries(texts).map(([name, text]) => [
    name,
    typeof text === 'string' ? pseudoText(text) : pseudoCatalogue(text as object),
  ]);
  return Object.fromEntries(made) as T;
}
