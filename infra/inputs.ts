import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A hash over the contents of files and of all files in folders, tests left out. Paths that do not exist count as absent. */
export function fingerprint(paths: readonly string[], ...others: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesIn)) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  for (const other of others) hash.update(`${other}\0`);
  return hash.digest('hex');
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => filesIn(join(path, entry.name)));
}

/**
 * Makes something again only when its inputs differ from those it was last made of, or when it is gone. The stamp is removed
 * first, so that work cut short is done again.
 */
export async function whenChanged(
  { made, stamp, inputs }: { readonly made: string; readonly stamp: string; readonly inputs: string },
  make: () => Promise<void>,
): Promise<'made' | 'unchanged'> {
  if (existsSync(made) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return 'unchanged';
  rmSync(stamp, { force: true });
  await make();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, inputs);
  return 'made';
}
