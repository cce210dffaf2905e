import type Stripe from 'stripe';
import * as z from 'zod';
import { expanded, inRange, pageOf } from '../desk.ts';
import { refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, metadata, paging, range, text } from '../params.ts';
import { mergedMetadata } from './customers.ts';
import type { KeptInvoice } from './invoicing.ts';
import { preview } from './subscription-change.ts';
import { clockedDesk, finalize, payOpen, theSubscription } from './subscription-life.ts';

export const invoiceOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/invoices/create_preview',
    z.strictObject({ customer: text().optional(), subscription: text().optional(), expand: expand() }),
    (platform, params) => {
      if (!params.subscription)
        throw refused('Missing required param: subscription.', { code: 'parameter_missing', param: 'subscription' });
      const subscription = theSubscription(platform, params.subscription);
      return preview(clockedDesk(platform, subscription.customer), subscription);
    },
  ),
  operation(
    'GET',
    '/v1/invoices/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'invoice'), params.expand) as object,
  ),
  operation(
    'GET',
    '/v1/invoices',
    z.strictObject({
      ...paging,
      customer: text().optional(),
      subscription: text().optional(),
      status: text().optional(),
      created: range(),
    }),
    (desk, params) =>
      pageOf(
        desk
          .list<Stripe.Invoice>('invoice')
          .filter(
            ({ customer, status, created, parent }) =>
              inRange(created, params.created) &&
              (params.customer === undefined || customer === params.customer) &&
              (params.status === undefined || status === params.status) &&
              (params.subscription === undefined || parent?.subscription_details?.subscription === params.subscription),
          ),
        '/v1/invoices',
        params,
      ),
  ),
  operation(
    'POST',
    '/v1/invoices/:id',
    z.strictObject({ auto_advance: flag().optional(), metadata: metadata(), expand: expand() }),
    (desk, params, { id }) => {
      const draft = desk.get<Stripe.Invoice>(id, 'invoice') as KeptInvoice;
      if (draft.status !== 'draft')
        throw refused('Finalized invoices can’t be updated in this way.', { code: 'invoice_not_editable' });
      return desk.save<KeptInvoice>({
        ...draft,
        ...(params.auto_advance !== undefined && { auto_advance: params.auto_advance }),
        metadata: mergedMetadata(draft.metadata, params.metadata),
      });
    },
  ),
  operation(
    'POST',
    '/v1/invoices/:id/finalize',
    z.strictObject({ auto_advance: flag().optional(), expand: expand() }),
    (platform, _, { id }) => {
      const draft = platform.get<Stripe.Invoice>(id, 'invoice') as KeptInvoice;
      if (draft.status !== 'draft') throw refused('This invoice is already finalized.', { code: 'invoice_not_editable' });
      const desk = clockedDesk(platform, draft.customer);
      desk.save({ ...draft, auto_advance: true });
      finalize(desk, `${String(draft.parent?.subscription_details?.subscription)} ${id}`);
      return desk.get(id, 'invoice');
    },
  ),
  operation(
    'POST',
    '/v1/invoices/:id/pay',
    z.strictObject({ payment_method: text().optional(), expand: expand() }),
    (platform, params, { id }) => {
      const open = platform.get<Stripe.Invoice>(id, 'invoice') as KeptInvoice;
      if (open.status !== 'open') throw refused('Invoice is already paid or is not open.', { code: 'invoice_not_editable' });
      const desk = clockedDesk(platform, open.customer);
      payOpen(desk, open, params.payment_method);
      return desk.get(id, 'invoice');
    },
  ),
];
