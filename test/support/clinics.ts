import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type Stripe from 'stripe';
import type { Audit } from '../../core/audit/audit.ts';
import type { UnitCounter } from '../../core/aws/unit-counter.ts';
import type { Tenant } from '../../core/directory/directory.ts';
import { FailedWorkRows } from '../../core/events/failed-work.ts';
import { type FeatureDeps, type FeatureHandler, featureHandler } from '../../core/http/feature.ts';
import type { LogLine } from '../../core/http/log.ts';
import type { PatientDoors, TenantNames } from '../../core/http/tenant-scope.ts';
import { requireAddOn, whyNotOnline } from '../../core/plan/gate.ts';
import type { ServedRecords } from '../../core/provenance/served-records.ts';
import { BookingKernel } from '../../core/scheduling/kernel.ts';
import type { Scope } from '../../core/scope.ts';
import { createSearch, supportedParameters } from '../../core/search/index.ts';
import { ClinicSettings } from '../../core/settings/clinic-settings.ts';
import { Cursors } from '../../core/store/cursor.ts';
import { newFhirId } from '../../core/store/open-records.ts';
import type { FailedEvent } from '../../core/stripe/book.ts';
import { billingEndpoints } from '../../functions/billing/endpoints.ts';
import { chartsEndpoints } from '../../functions/charts/endpoints.ts';
import { ALL_ENDPOINTS } from '../../functions/endpoint-table.ts';
import { failedWorkEndpoints } from '../../functions/events/endpoints.ts';
import { type ImportDeps, importEndpoints } from '../../functions/imports/endpoints.ts';
import type { ImportJob } from '../../functions/imports/jobs.ts';
import { operatorEndpoints } from '../../functions/operator/endpoints.ts';
import { type PaymentsDeps, paymentsEndpoints } from '../../functions/payments/endpoints.ts';
import { doorEndpoints, peopleEndpoints } from '../../functions/people/endpoints.ts';
import { platformEndpoints } from '../../functions/platform/endpoints.ts';
import { openApiDocument } from '../../functions/platform/openapi-document.ts';
import { RECORD_RULES } from '../../functions/record-rules.ts';
import { recordsEndpoints } from '../../functions/records/endpoints.ts';
import { reminderEndpoints } from '../../functions/reminders/endpoints.ts';
import { reportsEndpoints } from '../../functions/reports/endpoints.ts';
import { scansEndpoints } from '../../functions/scans/endpoints.ts';
import { schedulingEndpoints } from '../../functions/scheduling/endpoints.ts';
import { onlineBookingEndpoints } from '../../functions/scheduling/portal-endpoints.ts';
import { settingsEndpoints } from '../../functions/settings/endpoints.ts';
import { tasksEndpoints } from '../../functions/tasks/endpoints.ts';
import { visitsEndpoints } from '../../functions/visits/endpoints.ts';
import { PLATFORM_ROLES, type Role } from '../../schemas/access.ts';
import type { CostReport } from '../../schemas/cost.ts';
import { Slug, type TenantId } from '../../schemas/ids.ts';
import { ORIGIN_SECRET, PATIENTS, STAFF, tokenFor, verifyTestToken } from './api.ts';
import { willingWay } from './billing.ts';
import { memoryTrail } from './import-trail.ts';
import { peopleDeps } from './people.ts';
import { freshTenant, testStore } from './records.ts';
import { WEBHOOK_SECRET } from './sample-requests.ts';
import { scansDeps } from './scans.ts';
import { memorySigner } from './signer.ts';
import { openStripe, type StripeForTests } from './stripe.ts';

/** Two clinics whose names begin alike, on the run's database, behind the real handlers. */
export interface Clinics {
  readonly records: ServedRecords;
  readonly audit: Audit;
  /** By feature, as ENDPOINT_TABLE names them. */
  readonly handlers: Readonly<
    Record<
      | 'events'
      | 'records'
      | 'charts'
      | 'scheduling'
      | 'billing'
      | 'imports'
      | 'operator'
      | 'reports'
      | 'reminders'
      | 'scans'
      | 'settings'
      | 'tasks'
      | 'visits'
      | 'door'
      | 'people'
      | 'payments'
      | 'platform',
      FeatureHandler
    >
  >;
  /** Work of both clinics that failed, and what was sent again. */
  readonly failed: FailedWorkRows;
  readonly sentAgain: string[];
  /** Of oak: faults are put into its middleware. */
  readonly client: DynamoDBClient;
  /** What the database was asked for. */
  readonly counter: UnitCounter;
  readonly logged: LogLine[];
  /** What people join through: its mails, its lists. */
  readonly people: ReturnType<typeof peopleDeps>;
  /** What the scans desk stands on. */
  readonly scans: ReturnType<typeof scansDeps>;
  readonly tenants: Readonly<Record<'oak' | 'oak-hill', TenantId>>;
  /** An access token of somebody with these roles in a clinic. */
  tokenOf(slug: string, ...roles: Role[]): string;
  /** An access token of the patient whose chart this is. */
  patientToken(slug: string, patient: string): string;
}

export async function openClinics(): Promise<Clinics> {
  const oak = freshTenant();
  const tenants = { oak, 'oak-hill': `${oak}hill` as TenantId }; // ids that begin alike, too
  const { records, audit, counter, client, tableOf } = await testStore({ tenant: oak });
  const failed = new FailedWorkRows(tableOf, () => new Date());
  const sentAgain: string[] = [];
  const sendAgain = async ({ message }: { message: string }) => void sentAgain.push(message);
  const logged: LogLine[] = [];
  const log = (line: LogLine) => void logged.push(line);
  const known = (name: string): Tenant | undefined => {
    const slug = Slug.safeParse(name).data;
    const id = slug && Object.hasOwn(tenants, slug) ? tenants[slug as keyof typeof tenants] : undefined;
    return slug && id && { id, slug, name: `Clinic ${slug}`, status: 'active', timeZone: 'America/Chicago', country: 'US' };
  };
  const people = peopleDeps({ records, audit });
  const invited = new Map<string, { slug: string; fhirUser: string }[]>();
  const directory: TenantNames & PatientDoors = {
    findTenant: async (name) => known(name),
    membershipsOf: async (sub) => invited.get(sub) ?? people.directory.membershipsOf(sub),
  };
  const patientToken = (slug: string, patient: string): string => {
    const sub = patientSub(patient);
    invited.set(sub, [...(invited.get(sub) ?? []), { slug, fhirUser: `Patient/${patient}` }]);
    return patientTokenOf(slug, patient);
  };
  const scans = scansDeps(records, tableOf);
  const deps: FeatureDeps = { originSecret: ORIGIN_SECRET, log, access: { verify: verifyTestToken, directory, audit } };
  const kernel = new BookingKernel({
    records,
    zoneOf: async () => 'America/Chicago',
    nowMs: Date.now,
    newId: newFhirId,
    onlineRefusal: ({ tenant }) => whyNotOnline(tableOf(tenant), tenant, Date.now()),
  });
  const version = '0.0.0';
  const recordsFeature = recordsEndpoints({
    records,
    search: createSearch({ records, derived: records }),
    audit,
    rules: RECORD_RULES,
    newId: newFhirId,
    nowMs: Date.now,
    log,
    searchParameters: supportedParameters,
    version,
    date: '2026-01-01',
  });
  const platformFeature = platformEndpoints({
    directory: {
      ...directory,
      membershipsOf: async () => [{ slug: Slug.parse('oak'), roles: ['physician'], fhirUser: 'Practitioner/ada' }],
    },
    log,
    version,
    config: { staff: STAFF, patients: PATIENTS, version },
    details: {
      version,
      log,
      ask: Object.fromEntries(['records', 'files', 'bus', 'signIn'].map((part) => [part, async () => undefined])) as never,
      queues: async () => [],
      oldest: async () => ({}),
      schedules: [],
      lastRun: async () => undefined,
      failedWork: async () => ({}),
      nowMs: Date.now,
    },
    document: () => openApiDocument(ALL_ENDPOINTS, version),
  });
  return {
    records,
    audit,
    counter,
    client,
    failed,
    sentAgain,
    logged,
    people,
    scans,
    tenants,
    handlers: {
      events: featureHandler(failedWorkEndpoints({ failed, audit, sendAgain }), deps),
      records: featureHandler(recordsFeature, deps),
      charts: featureHandler(chartsEndpoints({ records, settings: new ClinicSettings(records) }), deps),
      scheduling: featureHandler(
        [...schedulingEndpoints({ kernel }), ...onlineBookingEndpoints({ kernel, records, nowMs: Date.now })],
        deps,
      ),
      billing: featureHandler(billingEndpoints(billingOf(records)), deps),
      imports: featureHandler(importEndpoints(importsInMemory()), deps),
      payments: featureHandler(paymentsEndpoints(paymentsOf(log, directory, oak)), deps),
      operator: featureHandler(
        operatorEndpoints({
          directory,
          audit,
          newRequestId: randomUUID,
          now: () => new Date(),
          cost: NO_COST,
          firewall: true,
          tenancy: {
            list: async () => ({ tenants: [] }),
            countStaff: async () => 0,
            usageOf: async () => new Map(),
            setStatus: async () => undefined,
          },
        }),
        deps,
      ),
      reports: featureHandler(reportsEndpoints({ book: { add: async () => undefined, list: async () => [] } }), deps),
      reminders: featureHandler(
        reminderEndpoints({
          records,
          tableOf: ({ tenant }) => tableOf(tenant),
          findTenant: async (name) => known(name),
          cursors: new Cursors('a secret of the tests'),
          nowMs: Date.now,
        }),
        deps,
      ),
      scans: featureHandler(scansEndpoints(scans), deps),
      visits: featureHandler(
        visitsEndpoints({
          records,
          rules: RECORD_RULES,
          signer: memorySigner(),
          zoneOf: async () => 'America/Chicago',
          now: () => new Date(),
          newUuid: randomUUID,
        }),
        deps,
      ),
      settings: featureHandler(
        settingsEndpoints({
          settings: new ClinicSettings(records),
          requireAddOn: (scope, name) => requireAddOn(tableOf(scope.tenant), scope, name),
        }),
        deps,
      ),
      tasks: featureHandler(
        tasksEndpoints({
          records,
          audit,
          directory: { membershipsOf: (sub) => people.directory.membershipsOf(sub) },
          now: () => new Date(),
        }),
        deps,
      ),
      door: featureHandler(doorEndpoints(people), deps),
      people: featureHandler(
        peopleEndpoints({
          ...people,
          directory: {
            findTenant: async (slug) => known(slug),
            membershipsOf: (sub) => people.directory.membershipsOf(sub),
            memberOf: (tenant, sub) => people.directory.memberOf(tenant, sub),
            readTenant: async (id) => known(id === oak ? 'oak' : 'oak-hill'),
            changeTenant: async (tenant, change) => ({ ...tenant, ...change }),
          },
        }),
        deps,
      ),
      platform: featureHandler(platformFeature, deps),
    },
    tokenOf: (slug, ...roles) =>
      roles.includes('patient')
        ? patientToken(slug, 'somebody')
        : tokenFor({
            sub: somebodyOf(slug),
            tenants: { [slug]: roles },
            claims: { people: { [slug]: `Practitioner/${somebodyOf(slug)}` } },
          }),
    patientToken,
  };
}

/** Of whoever signs in as this patient: an account's id, which is not the chart's. */
export const patientSub = (patient: string): string => `patient-${[...patient].reverse().join('')}`;

const patientTokenOf = (slug: string, patient: string): string =>
  tokenFor({
    sub: patientSub(patient),
    issuer: PATIENTS,
    tenants: { [slug]: ['patient'] },
    claims: { people: { [slug]: `Patient/${patient}` } },
  });

/** Whoever the tokens of a clinic are of; so is called the clinic's record of them, where a test makes one. */
export const somebodyOf = (slug: string): string => `somebody-of-${slug}`;

const NO_COST: CostReport = {
  asOf: '2026-01-01',
  region: 'us-east-1',
  idle: [],
  visits: [],
  visit: { search: 0, chart: 0, read: 0, observation: 0, record: 0, update: 0 },
};

/** Orders of imports kept by tenant; nothing is uploaded and nothing is run. */
function importsInMemory(): ImportDeps {
  const jobs = new Map<TenantId, ImportJob[]>();
  const of = ({ tenant }: Pick<Scope, 'tenant'>): ImportJob[] => jobs.get(tenant) ?? [];
  return {
    nowMs: Date.now,
    enqueue: async () => undefined,
    trail: memoryTrail(),
    files: {
      uploadAddress: async (_scope, id, file) => ({ url: `https://uploads.test/${id}/${file}`, headers: {} }),
      isThere: async () => false,
    },
    jobs: {
      add: async (scope, job) => void jobs.set(scope.tenant, [...of(scope), job]),
      find: async (scope, id) => of(scope).find((job) => job.id === id),
      latest: async (scope, count) => of(scope).slice(-count).reverse(),
      async save(scope, job) {
        const next = { ...job, revision: job.revision + 1 };
        jobs.set(
          scope.tenant,
          of(scope).map((known) => (known.id === job.id ? next : known)),
        );
        return next;
      },
    },
  };
}

/** A billing desk whose processor says yes to everything. */
const billingOf = (records: ServedRecords): Parameters<typeof billingEndpoints>[0] => ({
  records,
  now: () => new Date(),
  way: willingWay,
  linkAccount: async () => undefined,
  letterheadOf: async () => ({ name: 'Oak Family Clinic', country: 'US' }),
});

export const operatorToken = (): string => tokenFor({ sub: 'operator', groups: PLATFORM_ROLES });

/** Payments without a Stripe: what is asked of it is never answered. */
const paymentsOf = (log: (line: LogLine) => void, directory: TenantNames, oak: TenantId): PaymentsDeps => ({
  access: async () => ({
    stripe: (await aStripe()).stripe,
    webhookSecrets: { platform: WEBHOOK_SECRET, connect: 'whsec_connect' },
  }),
  book: {
    take: async () => 'taken',
    done: async () => undefined,
    failed: async () => undefined,
    ownerOf: async () => undefined,
    failures: () => failuresOf(oak),
  },
  handlers: {},
  log,
  newRequestId: randomUUID,
  plan: {
    access: async () => ({
      stripe: (await aStripe()).stripe,
      webhookSecrets: { platform: WEBHOOK_SECRET, connect: 'whsec_connect' },
    }),
    book: { keepOwner: async () => undefined, ownerOf: async () => undefined, failures: () => failuresOf(oak) },
    directory,
    waitingWork: async () => 0,
    plans: plansInMemory(),
    tableOf: () => ({ query: async () => ({ items: [] }) }) as never,
    nowMs: Date.now,
  },
});

/** Opened by the first who asks for it; it keeps no run from its end. */
let opened: Promise<StripeForTests> | undefined;
const aStripe = (): Promise<StripeForTests> => {
  opened ??= openStripe();
  return opened;
};

/** One event of oak's that failed. Its id is Stripe's to give, so it is asked for one that has happened. */
async function failuresOf(tenant: TenantId): Promise<FailedEvent[]> {
  return [{ ...(await anEvent()), account: '', tenant, slug: Slug.parse('oak'), tries: 2, since: '2026-11-20T10:00:00.000Z' }];
}
async function anEvent(): Promise<Pick<FailedEvent, 'id' | 'type'>> {
  const { standIn } = await aStripe();
  const desk = standIn.desk();
  const known = desk.find<Stripe.Event>('evt_failed');
  if (!known)
    desk.save({
      id: 'evt_failed',
      object: 'event',
      type: 'customer.updated',
      created: desk.now(),
      data: { object: { id: 'cus_1', object: 'customer' } },
    });
  return { id: 'evt_failed', type: 'customer.updated' };
}

/** No clinic has a plan, whatever was kept. */
const plansInMemory = (): PaymentsDeps['plan']['plans'] => ({
  find: async ({ tenant, slug }) => ({
    tenant,
    slug,
    plan: 'free',
    addOns: [],
    state: 'free',
    endsWithPeriod: false,
    revision: 0,
  }),
  keep: async (plan) => plan,
  list: async () => ({ plans: [] }),
  staff: async () => [],
  usage: async () => new Map(),
  fell: async () => undefined,
});
