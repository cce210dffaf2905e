/** R4's invariants of severity "error": compiled from FHIRPath at build time, a few by hand (schemas/build/invariant-rules.ts lists all). */
import { INVARIANTS } from '../generated/invariants.ts';
import type { JsonObject, Walk } from './walk.ts';

/** A rule over several elements; notes its fault on the walk. It is asked only when the element's own parts are sound. */
export type Invariant = (element: JsonObject, walk: Walk) => void;

/** The invariant of that name. @throws Error when the build made none */
export function invariant(name: string): Invariant {
  const found = INVARIANTS[name];
  if (!found) throw new Error(`No invariant ${name}`);
  const [human, holds] = found;
  const fault = { code: 'invariant', text: `${human.trim().replace(/\.?$/, '')} (${name.replace(/:.*/, '')}).` } as const;
  return (element, walk) => {
    if (holds(element, walk) !== true) walk.report(fault);
  };
}

/** ext-1. By its keys, since a value may have any of 50 types. */
export const extensionHasValueOrExtensions: Invariant = (element, walk) => {
  let hasValue = false;
  for (const key in element) hasValue ||= key.startsWith('value') || key.startsWith('_value');
  if (hasValue === (element.extension !== undefined)) {
    walk.add('invariant', 'Give the extension either a value or extensions of its own, not both and not neither (ext-1).');
  }
};
