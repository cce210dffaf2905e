import { readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** The parts of the house and what each may import (architecture: `schemas` <- `core` <- `functions` <- `infra`, `local`). `test` may import all. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  core: ['schemas'],
  functions: ['schemas', 'core'],
  infra: ['schemas', 'core', 'functions'],
  local: ['schemas', 'core', 'functions', 'infra'],
  web: ['schemas'],
};
export const PARTS = Object.keys(ALLOWED);
/** Lambdas of what all features share: like functions/record-rules.ts they know all features. */
const SHARED_LAMBDAS = ['functions/notices/lambda.ts'];
/** Test support is for tests: what ships may not lean on it. */
const TESTING = /\.test\.tsx?$/;

export interface Import {
  /** From the root of the project, with forward slashes. */
  readonly from: string;
  readonly to: string;
}

/** Why the import goes against the arrows, as a sentence. Undefined when it does not. */
export function complaint({ from, to }: Import): string | undefined {
  const [part = '', feature = ''] = from.split('/');
  const [target = '', targetFeature = ''] = to.split('/');
  const allowed = ALLOWED[part];
  if (!allowed || (target === 'test' && TESTING.test(from))) return undefined;
  if (target === part) {
    const crosses =
      part === 'functions' &&
      !SHARED_LAMBDAS.includes(from) &&
      from.split('/').length > 2 &&
      to.split('/').length > 2 &&
      feature !== targetFeature;
    return crosses ? `${from} imports ${to}: features never import each other; what they share is in core.` : undefined;
  }
  return allowed.includes(target)
    ? undefined
    : `${from} imports ${to}: ${part} may import ${allowed.join(', ') || 'nothing of ours'} only.`;
}

/** The project's own files that a source file names: static, dynamic and type imports, re-exports, `new URL(..., import.meta.url)`. */
export function importsOf(file: string, source: string = readFileSync(file, 'utf8')): Import[] {
  const named = [...source.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)(['"])(\.{1,2}\/[^'"]+)\1/g)];
  return named
    .filter(([text, , path = '']) => !text.startsWith('new URL') || /\.tsx?$/.test(path)) // other URLs name folders and data
    .map(([, , path = '']) => ({ from: file, to: posix.normalize(posix.join(posix.dirname(file), path)) }));
}
