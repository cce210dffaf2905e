import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Somebody who can sign in to the demo. */
export interface DemoUser {
  readonly email: string;
  readonly password: string;
  /** A tenant role, or "operator". */
  readonly role: string;
  /** Base32. */
  readonly totpSecret: string;
  readonly name: string;
}

export interface DemoTenant {
  readonly slug: string;
  readonly name: string;
  readonly users: readonly DemoUser[];
}

/** `<data>/demo.json`: where the running stack is, and who can sign in to it. */
export interface DemoFile {
  readonly url: string;
  readonly operators: readonly DemoUser[];
  readonly tenants: readonly DemoTenant[];
}

/** Where the runtime keeps its data unless TESSERA_DATA says otherwise. */
export const dataFolder = (): string => process.env.TESSERA_DATA ?? '.local';

/** @throws Error when there is none: nothing has been started with this data folder */
export const readDemo = (folder: string): DemoFile => JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')) as DemoFile;
