import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { operationsClient, paymentsClient } from '../../core/aws/clients.ts';
import { environment } from '../../core/environment.ts';
import { featureHandler } from '../../core/http/feature.ts';
import { featureDeps } from '../../core/http/from-environment.ts';
import { writeLog } from '../../core/http/log.ts';
import { Runs, scheduled } from '../../core/operations/runs.ts';
import { stripeWay } from '../../core/payments/stripe-way.ts';
import { openRecords } from '../../core/store/open-records.ts';
import { Table } from '../../core/store/table.ts';
import { StripeBook } from '../../core/stripe/book.ts';
import { stripeFromEnvironment } from '../../core/stripe/from-environment.ts';
import { recordDue } from '../record-due.ts';
import { recordEvents } from '../record-events.ts';
import { billingEndpoints } from './endpoints.ts';
import { nightly } from './nightly.ts';

const { RECORDS_TABLE, PAYMENTS_ROLE_ARN, OPERATIONS_ROLE_ARN } = environment(
  'RECORDS_TABLE',
  'PAYMENTS_ROLE_ARN',
  'OPERATIONS_ROLE_ARN',
);
const { records, audit, clients } = openRecords(recordEvents, recordDue);
const book = new StripeBook({
  client: paymentsClient({ table: RECORDS_TABLE, roleArn: PAYMENTS_ROLE_ARN }),
  table: RECORDS_TABLE,
});
const base = featureDeps(audit);
const deps = {
  records,
  now: () => new Date(),
  way: stripeWay(stripeFromEnvironment()),
  linkAccount: (account: string, { tenant, slug }: Parameters<typeof book.keepOwner>[1]) =>
    book.keepOwner(account, { tenant, slug }),
  letterheadOf: async (slug: string) => {
    const tenant = await base.directory.findTenant(slug);
    return { name: tenant?.name ?? '', country: tenant?.country ?? 'US' };
  },
};

const api = featureHandler(billingEndpoints(deps), base);
const runs = new Runs({ client: operationsClient({ table: RECORDS_TABLE, roleArn: OPERATIONS_ROLE_ARN }), table: RECORDS_TABLE });

/** The clock's tick and a request come to the same function: a request has a context of the gateway's. */
export async function handler(
  event: APIGatewayProxyEventV2 | { readonly source: string },
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2 | undefined> {
  if ('requestContext' in event) return api(event, context);
  await scheduled({ schedule: 'billing', runs, log: writeLog }, (last) =>
    nightly(
      {
        ...deps,
        tenants: base.directory.listTenants(),
        table: (tenant) => new Table(clients.records(tenant), RECORDS_TABLE),
        log: writeLog,
        requestId: context.awsRequestId,
        remainingMs: () => context.getRemainingTimeInMillis(),
      },
      last,
    ),
  )();
  return undefined;
}
