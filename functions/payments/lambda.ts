import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { operationsClient, paymentsClient } from '../../core/aws/clients.ts';
import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { writeLog } from '../../core/http/log.ts';
import { Runs, scheduled } from '../../core/operations/runs.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { StripeBook } from '../../core/stripe/book.ts';
import { stripeFromEnvironment } from '../../core/stripe/from-environment.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { stripeHandlers } from '../stripe-handlers.ts';
import { paymentsEndpoints } from './endpoints.ts';
import { recoverEvents } from './recover.ts';

const { RECORDS_TABLE, PAYMENTS_ROLE_ARN, OPERATIONS_ROLE_ARN } = environment(
  'RECORDS_TABLE',
  'PAYMENTS_ROLE_ARN',
  'OPERATIONS_ROLE_ARN',
);
const { records, audit } = openRecords(recordEvents, recordDue);
const book = new StripeBook({
  client: paymentsClient({ table: RECORDS_TABLE, roleArn: PAYMENTS_ROLE_ARN }),
  table: RECORDS_TABLE,
});
const access = stripeFromEnvironment();
const deps = {
  book,
  access,
  handlers: stripeHandlers({ records, now: () => new Date() }),
  log: writeLog,
  newRequestId: randomUUID,
  nowMs: Date.now,
};

const api = featureHandler(paymentsEndpoints(deps), featureDeps(audit));
const runs = new Runs({ client: operationsClient({ table: RECORDS_TABLE, roleArn: OPERATIONS_ROLE_ARN }), table: RECORDS_TABLE });

/** The clock's tick and a request come to the same function: a request has a context of the gateway's. */
export async function handler(
  event: APIGatewayProxyEventV2 | { readonly source: string },
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2 | undefined> {
  if ('requestContext' in event) return api(event, context);
  await scheduled({ schedule: 'payments', runs, log: writeLog }, (last) =>
    recoverEvents(deps, last, () => context.getRemainingTimeInMillis()),
  )();
  return undefined;
}
