/** Forms are flat records of texts, so two versions of one differ field by field. */
/** The fields on which what I typed and what is stored differ; `words` says a value in the reader's language. */
export function contestedFields<T extends Readonly<Record<keyof T, string>>>(
  mine: T,
  theirs: T,
  words: (name: keyof T, value: string) => string,
): readonly { readonly name: keyof T & string; readonly mine: string; readonly theirs: string }[] {
  const names = Object.keys(theirs) as (keyof T & string)[];
  return names
    .filter((name) => mine[name] !== theirs[name])
    .map((name) => ({ name, mine: words(name, mine[name]), theirs: words(name, theirs[name]) }));
}

/** Theirs, with my value wherever I chose mine. */
export function merged<T extends Readonly<Record<keyof T, string>>>(
  mine: T,
  theirs: T,
  choice: Readonly<Record<string, 'mine' | 'theirs'>>,
): T {
  const chosen = (Object.keys(theirs) as (keyof T & string)[]).filter((name) => choice[name] === 'mine');
  return { ...theirs, ...Object.fromEntries(chosen.map((name) => [name, mine[name]])) };
}
