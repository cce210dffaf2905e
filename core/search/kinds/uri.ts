/**
 * URIs as search compares them (FHIR R4, Search, "uri"): every character counts.
 * A canonical's version counts only when it is asked for. `below`: the asked URL and everything under it.
 */
export function urlMatches(asked: string, below: boolean, url: string): boolean {
  const stored = asked.includes('|') ? url : (url.split('|')[0] ?? '');
  if (stored === asked) return true;
  return below && stored.startsWith(asked.endsWith('/') ? asked : `${asked}/`);
}
