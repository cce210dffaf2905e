import { spawn } from 'node:child_process';
import { StartRefused } from './refusal.ts';

/** DynamoDB Local 3 needs it (its README). */
const OLDEST_JAVA = 17;
const HOW_TO_INSTALL =
  'Install a Java runtime of version 17 or newer (Debian and Ubuntu: "sudo apt install openjdk-17-jre-headless"; macOS: "brew install openjdk@17") and start again.';

/** @throws StartRefused when there is no Java that runs DynamoDB Local. */
export async function requireJava(command = 'java'): Promise<void> {
  const version = await javaVersion(command);
  if (version === undefined)
    throw new StartRefused(
      `Tessera keeps its records in DynamoDB Local, which needs Java ${OLDEST_JAVA}, and there is no Java here. ${HOW_TO_INSTALL}`,
    );
  if (version < OLDEST_JAVA)
    throw new StartRefused(
      `Tessera keeps its records in DynamoDB Local, which needs Java ${OLDEST_JAVA}, and this is Java ${version}. ${HOW_TO_INSTALL}`,
    );
}

/** The major version in what `java -version` prints: 17 for "17.0.15", 8 for "1.8.0_402". */
export function majorVersion(printed: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(printed) ?? [];
  if (!first) return undefined;
  return Number(first === '1' ? second : first);
}

function javaVersion(command: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, ['-version'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child.on('error', () => resolve(undefined));
    child.on('close', () => resolve(majorVersion(printed)));
  });
}
