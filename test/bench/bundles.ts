import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { median, round } from './statistics.ts';

export type BundleFigures = {
  function: string;
  /** Minified, with the SDK inside. */
  kilobytes: number;
  gzipKilobytes: number;
  /** Median of 10 fresh processes: the import alone, not the start of Node. */
  coldImportMs: number;
};

const RUNS = 10;
const folder = join('build', 'functions');

/** Every bundle that is deployed: its size, and what its cold import costs. */
export function benchBundles(): BundleFigures[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const file = join(folder, name, 'index.mjs');
      if (!existsSync(file)) return [];
      const bytes = readFileSync(file);
      const times = Array.from({ length: RUNS }, () => coldImport(resolve(file)));
      return [
        {
          function: name,
          kilobytes: round(bytes.length / 1024, 0),
          gzipKilobytes: round(gzipSync(bytes).length / 1024, 0),
          coldImportMs: round(median(times), 0),
        },
      ];
    });
}

const PROGRAM =
  'const began = performance.now(); await import(process.argv[1]); process.stdout.write(String(performance.now() - began)); process.exit(0);';

const coldImport = (file: string): number =>
  Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM, file], {
      env: { ...process.env, ...ENVIRONMENT },
      encoding: 'utf8',
    }),
  );

/** What the wiring asks for when it is loaded: nothing of it is called. */
const ENVIRONMENT = {
  RECORDS_TABLE: 'records',
  DOCUMENTS_BUCKET: 'documents',
  TENANT_ROLE_ARN: 'arn:aws:iam::111111111111:role/tenant',
  DIRECTORY_ROLE_ARN: 'arn:aws:iam::111111111111:role/directory',
  TENANT_ACTIONS: 'dynamodb:GetItem',
  DIRECTORY_ACTIONS: 'dynamodb:GetItem',
  STAFF_ISSUER: 'https://issuer.example/staff',
  STAFF_CLIENT_ID: 'staff',
  PATIENT_ISSUER: 'https://issuer.example/patients',
  PATIENT_CLIENT_ID: 'patients',
  ORIGIN_SECRET: 'o'.repeat(32),
  IMPORT_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111111111111/imports',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
};
