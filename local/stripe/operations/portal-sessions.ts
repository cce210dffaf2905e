import type Stripe from 'stripe';
import * as z from 'zod';
import type { Kept } from '../desk.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, text } from '../params.ts';

/** Where a customer changes the card and ends the plan. */
export const portalOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/billing_portal/sessions',
    z.strictObject({ customer: text(), return_url: text().optional(), configuration: text().optional(), expand: expand() }),
    (desk, params) => {
      desk.get(params.customer, 'customer', 'customer');
      const id = desk.newId('bps');
      return desk.save<Kept<Stripe.BillingPortal.Session>>({
        id,
        object: 'billing_portal.session',
        configuration: 'bpc_stand_in',
        created: desk.now(),
        customer: params.customer,
        customer_account: null,
        flow: null,
        livemode: false,
        locale: null,
        on_behalf_of: null,
        return_url: params.return_url ?? null,
        url: `${desk.origin}/local/stripe/portal/${id}`,
      });
    },
  ),
];
