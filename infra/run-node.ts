import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Runs a script with this Node (and this Node first on the path of what it starts). @throws when it ends with anything but 0. */
export async function runNode(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const path = [resolve('node_modules/.bin'), process.env.PATH].join(delimiter);
  const child = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, PATH: path, ...environment } });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}.`);
}

/** Whether the module is what the command line named, and not imported by another. */
export const isMain = (moduleUrl: string): boolean =>
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(moduleUrl));
