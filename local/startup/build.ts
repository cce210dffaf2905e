import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildFunctions, buildWeb } from '../../infra/build.ts';
import { synth } from '../../infra/synth.ts';
import { tryLock } from './file-lock.ts';
import type { Steps } from './steps.ts';

/** Synthesised for this machine alone, so that `npm run synth` for an account of AWS does not make the next start slow. */
const SHARED = 'build/local-template';
const LOOK_AGAIN_MS = 200;
/** Mail and text messages are sent on one machine too, into its inbox page: nobody has to own these names. */
const SENDERS = {
  mailFrom: 'no-reply@tessera.example',
  smsFrom: 'arn:aws:sms-voice:us-east-1:111111111111:sender-id/TESSERA/US',
};

/**
 * Builds what has changed, synthesises the template and copies it into the data folder, from where it runs: another start, or an edit,
 * may build again meanwhile. Two starts build one after the other. Answers where the template is.
 */
export async function buildTemplate(dataDir: string, steps: Steps): Promise<string> {
  mkdirSync('build', { recursive: true });
  const release = await lockOfTheBuild();
  try {
    await steps.step(
      'functions and web app',
      () => Promise.all([buildFunctions(), buildWeb()]),
      (made) => [...new Set(made)].join(', '),
    );
    await steps.step('template', () => synth({ outdir: SHARED, context: SENDERS }), String);
    return copyTo(join(dataDir, 'template'));
  } finally {
    release();
  }
}

async function lockOfTheBuild(): Promise<() => void> {
  for (;;) {
    const release = tryLock('build/lock');
    if (release) return release;
    await wait(LOOK_AGAIN_MS);
  }
}

function copyTo(directory: string): string {
  const stamp = 'inputs';
  const unchanged =
    existsSync(join(directory, stamp)) &&
    readFileSync(join(directory, stamp), 'utf8') === readFileSync(join(SHARED, stamp), 'utf8');
  if (unchanged) return directory;
  rmSync(directory, { recursive: true, force: true });
  cpSync(SHARED, directory, { recursive: true, filter: (source) => !source.endsWith(`/${stamp}`) });
  cpSync(join(SHARED, stamp), join(directory, stamp)); // last: a copy cut short is made again
  return directory;
}
