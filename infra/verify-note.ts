import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verdictOn } from '../core/signing/signed-note.ts';
import { KeySet, type Verdict } from '../schemas/signed-note.ts';
import { isMain } from './run-node.ts';

/**
 * `npm run -s verify -- <file> [--keys <file or address>]`: checks a signed note for whoever holds it, without any server.
 * Ends with 0: valid; 1: altered; 2: signed with a key that is not among those that were given; 3: this is no signed note.
 */
const NO_KEYS: KeySet = { keys: [] };

async function keysFrom(where: string | undefined): Promise<KeySet> {
  if (where === undefined) return NO_KEYS;
  const text = /^https?:\/\//.test(where) ? await (await fetch(where)).text() : readFileSync(where, 'utf8');
  return KeySet.parse(JSON.parse(text));
}

/** What the verdict means, in words, and the exit code. */
export function inWords(verdict: Verdict, keysAt: string | undefined): { readonly text: string; readonly code: number } {
  switch (verdict.kind) {
    case 'valid':
    case 'unknown-key': {
      const { signer, clinic, signedAt } = verdict.claims;
      const by = `Signed by ${signer.name} (${signer.reference}) of the clinic "${clinic}" at ${signedAt}.`;
      if (verdict.kind === 'valid') return { text: `valid\n${by}\nKey: ${verdict.kid}`, code: 0 };
      const next = `Compare it with the keys that the clinic's installation publishes, or check again with --keys ${keysAt ?? '<file or address>'}`;
      return {
        text: `unknown key\n${by}\nThe signature fits the key that the file brings along: ${verdict.kid}\n${next}`,
        code: 2,
      };
    }
    case 'altered':
      return { text: `altered\nThe ${verdict.what} is not what was signed: do not rely on this note.`, code: 1 };
    case 'not-a-note':
      return { text: 'not a signed note\nThis file was not made by "Download signed file".', code: 3 };
  }
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { keys: { type: 'string' } } });
  const [path] = positionals;
  if (path === undefined) {
    console.error('Usage: npm run -s verify -- <file> [--keys <file or address>]');
    return 3;
  }
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    file = undefined;
  }
  const verdict = verdictOn(file, await keysFrom(values.keys));
  const { text, code } = inWords(verdict, (file as { keys?: string } | undefined)?.keys);
  console.info(text);
  return code;
}

if (isMain(import.meta.url)) process.exitCode = await main();
