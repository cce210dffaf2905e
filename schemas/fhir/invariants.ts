import type { JsonObject, Walk } from './walk.ts';

/** A rule over several elements; notes its fault on the walk. */
export type Invariant = (element: JsonObject, walk: Walk) => void;

export const invariant =
  (_key: string): Invariant =>
  () => {};
