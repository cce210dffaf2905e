import type Stripe from 'stripe';
import * as z from 'zod';
import { expanded, inRange, type Kept, pageOf } from '../desk.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, metadata, paging, range, text } from '../params.ts';
import { attach, methodNamed } from './payment-methods.ts';

const Shared = {
  description: text().optional(),
  email: text().optional(),
  name: text().optional(),
  metadata: metadata(),
  invoice_settings: z.strictObject({ default_payment_method: text().optional() }).optional(),
  expand: expand(),
};

export const customerOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/customers',
    z.strictObject({ ...Shared, payment_method: text().optional(), test_clock: text().optional() }),
    (
      desk,
      { description, email, name, metadata: about, invoice_settings: invoicing, payment_method: method, test_clock: clock },
    ) => {
      if (clock !== undefined) desk.get(clock, 'test_helpers.test_clock', 'test_clock');
      const id = desk.newId('cus');
      const customer: Kept<Stripe.Customer> = {
        id,
        object: 'customer',
        address: null,
        balance: 0,
        created: desk.now(),
        currency: null,
        default_source: null,
        delinquent: false,
        description: description || null,
        discount: null,
        email: email || null,
        invoice_prefix: id.slice(-8).toUpperCase(),
        invoice_settings: {
          custom_fields: null,
          default_payment_method: invoicing?.default_payment_method || null,
          footer: null,
          rendering_options: null,
        },
        livemode: false,
        metadata: about ?? {},
        name: name || null,
        next_invoice_sequence: 1,
        phone: null,
        preferred_locales: [],
        shipping: null,
        tax_exempt: 'none',
        test_clock: clock ?? null,
      };
      desk.save(customer);
      if (method) attach(desk, methodNamed(desk, method), id);
      desk.emit('customer.created', customer);
      return customer;
    },
  ),
  operation(
    'GET',
    '/v1/customers/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, desk.get(id, 'customer'), params.expand) as object,
  ),
  operation(
    'POST',
    '/v1/customers/:id',
    z.strictObject({ ...Shared, default_source: text().optional() }),
    (desk, { description, email, name, metadata: about, invoice_settings: invoicing }, { id }) => {
      const before = desk.get<Stripe.Customer>(id, 'customer');
      const method = invoicing?.default_payment_method;
      if (method) desk.get(method, 'payment_method', 'invoice_settings[default_payment_method]');
      const after = desk.save({
        ...before,
        ...(description !== undefined && { description: description || null }),
        ...(email !== undefined && { email: email || null }),
        ...(name !== undefined && { name: name || null }),
        metadata: mergedMetadata(before.metadata, about),
        ...(method !== undefined && { invoice_settings: { ...before.invoice_settings, default_payment_method: method || null } }),
      });
      desk.emit('customer.updated', after);
      return after;
    },
  ),
  operation('DELETE', '/v1/customers/:id', z.strictObject({}), (desk, _, { id }) => {
    const customer = desk.get<Stripe.Customer>(id, 'customer');
    desk.store.remove(id);
    desk.emit('customer.deleted', customer);
    return { id, object: 'customer', deleted: true };
  }),
  operation(
    'GET',
    '/v1/customers',
    z.strictObject({ ...paging, created: range(), email: text().optional(), test_clock: text().optional() }),
    (desk, params) =>
      pageOf(
        desk
          .list<Stripe.Customer>('customer')
          .filter(
            ({ created, email, test_clock: clock }) =>
              inRange(created, params.created) &&
              (params.email === undefined || email === params.email) &&
              (params.test_clock === undefined || clock === params.test_clock),
          ),
        '/v1/customers',
        params,
      ),
  ),
];

/** An empty value takes the key away. */
export const mergedMetadata = (
  before: Readonly<Record<string, string>> | null,
  after: Readonly<Record<string, string>> | undefined,
): Record<string, string> => Object.fromEntries(Object.entries({ ...before, ...after }).filter(([, value]) => value !== ''));
