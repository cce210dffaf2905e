import * as z from 'zod';

/** Every environment variable that the template sets, said once. */
const VARIABLES = {
  RECORDS_TABLE: z.string().min(3),
  DOCUMENTS_BUCKET: z.string().min(3),
  /** Where the seals of the audit trail are kept. */
  AUDIT_BUCKET: z.string().min(3),
  /** Assumed with the session tag `tenant` to put them there. */
  SEAL_ROLE_ARN: z.string().startsWith('arn:'),
  /** Assumed with the session tag `tenant` to read uploads that nobody else may. */
  INCOMING_ROLE_ARN: z.string().startsWith('arn:'),
  /** Assumed with the session tag `tenant`. */
  TENANT_ROLE_ARN: z.string().startsWith('arn:'),
  /** What the feature may do in a tenant's name: `dynamodb:GetItem,s3:GetObject`. */
  TENANT_ACTIONS: z.string().min(1),
  /** Assumed to read slugs, tenants and memberships. */
  DIRECTORY_ROLE_ARN: z.string().startsWith('arn:'),
  /** Assumed to list tenants and to suspend them. */
  TENANCY_ROLE_ARN: z.string().startsWith('arn:'),
  /** Assumed to count and list reports of broken screens. */
  REPORTS_ROLE_ARN: z.string().startsWith('arn:'),
  /** Assumed to keep account of what Stripe has told, and of what clinics pay for. */
  PAYMENTS_ROLE_ARN: z.string().startsWith('arn:'),
  /** Assumed to write them, and what people join through. */
  DIRECTORY_WRITER_ROLE_ARN: z.string().startsWith('arn:'),
  /** The pool whose accounts are made and ended. */
  STAFF_POOL_ID: z.string().min(3),
  /** The pool of the patients, who sign in to the portal. */
  PATIENTS_POOL_ID: z.string().min(3),
  STAFF_ISSUER: z.url(),
  STAFF_CLIENT_ID: z.string().min(1),
  PATIENT_ISSUER: z.url(),
  PATIENT_CLIENT_ID: z.string().min(1),
  /** Known to the distribution and to us; also what cursors are encrypted under. */
  ORIGIN_SECRET: z.string().min(16),
  /** The asymmetric key that signs notes. */
  SIGNING_KEY_ARN: z.string().startsWith('arn:'),
  IMPORT_QUEUE_URL: z.url(),
  /** Where the web app is, without a closing slash. */
  APP_URL: z.url(),
  /** Assumed to note who was written to at a number. */
  TEXTS_ROLE_ARN: z.string().startsWith('arn:'),
  /** Where what is due is handed out. */
  NOTICES_QUEUE_URL: z.url(),
  /** Whether this deployment pays for the firewall. */
  FIREWALL: z.enum(['on', 'off']),
  /** Assumed to keep account of what runs by the clock. */
  OPERATIONS_ROLE_ARN: z.string().startsWith('arn:'),
  EVENT_BUS: z.string().min(3),
  /** JSON: the queue of each receiver by the receiver's name, as {url, arn}. */
  RECEIVER_QUEUES: z.string().startsWith('{'),
  DEAD_LETTER_QUEUE_URL: z.url(),
  /** JSON: everything that runs by the clock, [{name, everyMinutes}]. */
  SCHEDULES: z.string().startsWith('['),
} as const;

/** What a deployment may leave out (infra/settings.ts). */
const OPTIONAL_VARIABLES = {
  /** The address that mail comes from. */
  MAIL_FROM: z.email(),
  MAIL_CONFIGURATION_SET: z.string().min(1),
  /** The number, sender id or pool that text messages come from. */
  SMS_FROM: z.string().min(1),
  /** The SecureString with Stripe's keys (core/stripe). Its name is given to whoever takes payments; what is in it may be missing. */
  STRIPE_PARAMETER: z.string().startsWith('/'),
  /** Where Stripe is, for whoever has a stand-in. Without it: Stripe itself. */
  STRIPE_API_BASE: z.url(),
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

/** The named variables, undefined where the template does not set one. @throws one Error that names every malformed one */
export function optionalEnvironment<N extends keyof typeof OPTIONAL_VARIABLES>(
  ...names: readonly N[]
): Readonly<Record<N, string | undefined>> {
  const shape = Object.fromEntries(names.map((name) => [name, OPTIONAL_VARIABLES[name].optional()]));
  const parsed = z.object(shape).safeParse(process.env);
  if (parsed.success) return parsed.data as Record<N, string | undefined>;
  const malformed = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ');
  throw new Error(`These environment variables are malformed: ${malformed}.`);
}
