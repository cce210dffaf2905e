import * as z from 'zod';

/** Every environment variable that the template sets, said once. */
const VARIABLES = {
  RECORDS_TABLE: z.string().min(3),
  DOCUMENTS_BUCKET: z.string().min(3),
  /** Assumed with the session tag `tenant`. */
  TENANT_ROLE_ARN: z.string().startsWith('arn:'),
  /** What the feature may do in a tenant's name: `dynamodb:GetItem,s3:GetObject`. */
  TENANT_ACTIONS: z.string().min(1),
  /** Assumed to read slugs, tenants and memberships. */
  DIRECTORY_ROLE_ARN: z.string().startsWith('arn:'),
  STAFF_ISSUER: z.url(),
  STAFF_CLIENT_ID: z.string().min(1),
  PATIENT_ISSUER: z.url(),
  PATIENT_CLIENT_ID: z.string().min(1),
  /** Known to the distribution and to us; also what cursors are encrypted under. */
  ORIGIN_SECRET: z.string().min(16),
  IMPORT_QUEUE_URL: z.url(),
} as const;

type Name = keyof typeof VARIABLES;

/** The named variables, all present and well formed. @throws one Error that names every one that is not */
export function environment<N extends Name>(...names: readonly N[]): Readonly<Record<N, string>> {
  const shape = Object.fromEntries(names.map((name) => [name, VARIABLES[name]]));
  const parsed = z.object(shape).safeParse(process.env);
  if (parsed.success) return parsed.data as Record<N, string>;
  const missing = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ');
  throw new Error(`These environment variables are missing or malformed: ${missing}.`);
}
