/** A pattern of CloudFront or of a bucket deployment as a test: `*` is any text, `?` one character, all else itself. */
export function fitsWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
