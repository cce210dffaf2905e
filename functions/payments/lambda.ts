import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { operationsClient, paymentsClient } from '../../core/aws/clients.ts';
import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { writeLog } from '../../core/http/log.ts';
import { mailerFromEnvironment } from '../../core/mail/from-environment.ts';
import { Runs, scheduled, waitingWorkOf } from '../../core/operations/runs.ts';
import { PlanBook } from '../../core/plan/plan-book.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { StripeBook } from '../../core/stripe/book.ts';
import { stripeFromEnvironment } from '../../core/stripe/from-environment.ts';
import type { TenantId } from '../../schemas/ids.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { stripeHandlers } from '../stripe-handlers.ts';
import { paymentsEndpoints } from './endpoints.ts';
import { lookAfterPlans } from './look-after.ts';
import { recoverEvents } from './recover.ts';

const { RECORDS_TABLE, PAYMENTS_ROLE_ARN, OPERATIONS_ROLE_ARN, APP_URL } = environment(
  'RECORDS_TABLE',
  'PAYMENTS_ROLE_ARN',
  'OPERATIONS_ROLE_ARN',
  'APP_URL',
);
const { records, audit, clients } = openRecords(recordEvents, recordDue);
const client = paymentsClient({ table: RECORDS_TABLE, roleArn: PAYMENTS_ROLE_ARN });
const book = new StripeBook({ client, table: RECORDS_TABLE });
const access = stripeFromEnvironment();
const shared = featureDeps(audit);
const operations = operationsClient({ table: RECORDS_TABLE, roleArn: OPERATIONS_ROLE_ARN });
const plan = {
  access,
  book,
  plans: new PlanBook({ client, table: RECORDS_TABLE }),
  tableOf: (tenant: TenantId) => new Table(clients.records(tenant), RECORDS_TABLE),
  nowMs: Date.now,
  mailer: mailerFromEnvironment(),
  log: writeLog,
  appUrl: APP_URL,
  directory: shared.directory,
  waitingWork: (tenant: TenantId) => waitingWorkOf(new Table(operations, RECORDS_TABLE), tenant),
};
const handlers = stripeHandlers({ records, now: () => new Date(), plan });
const deps = { book, access, handlers, log: writeLog, newRequestId: randomUUID, nowMs: Date.now, plan };

const api = featureHandler(paymentsEndpoints(deps), shared);
const runs = new Runs({ client: operations, table: RECORDS_TABLE });

/** The clock's tick and a request come to the same function: a request has a context of the gateway's. */
export async function handler(
  event: APIGatewayProxyEventV2 | { readonly source: string },
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2 | undefined> {
  if ('requestContext' in event) return api(event, context);
  const leftMs = (): number => context.getRemainingTimeInMillis();
  await scheduled({ schedule: 'payments', runs, log: writeLog }, async (last) => {
    const events = await recoverEvents(deps, last, leftMs);
    // Without keys there is nothing to look after.
    if (events.note.from === undefined) return events;
    const { plans, failed, unfinished } = await lookAfterPlans(plan, leftMs);
    const outcome = failed > 0 ? 'failed' : unfinished ? 'unfinished' : events.outcome;
    return { outcome, note: { ...events.note, plans } };
  })();
  return undefined;
}
