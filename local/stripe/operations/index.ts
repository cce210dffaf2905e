import type { Operation } from '../operation.ts';
import { accountOperations } from './accounts.ts';
import { balanceOperations } from './balance.ts';
import { catalogueOperations } from './catalogue.ts';
import { chargeOperations } from './charges.ts';
import { checkoutOperations } from './checkout.ts';
import { customerOperations } from './customers.ts';
import { eventOperations } from './events.ts';
import { invoiceOperations } from './invoices.ts';
import { paymentIntentOperations } from './payment-intents.ts';
import { paymentMethodOperations } from './payment-methods.ts';
import { portalOperations } from './portal-sessions.ts';
import { setupIntentOperations } from './setup-intents.ts';
import { subscribing, subscriptionOperations } from './subscriptions.ts';
import { testClockOperations } from './test-clocks.ts';

/** Everything that Stripe is asked here. What is not in this list is answered as Stripe answers an address that does not exist. */
export const ALL_OPERATIONS: readonly Operation[] = [
  ...accountOperations,
  ...customerOperations,
  ...paymentMethodOperations,
  ...setupIntentOperations,
  ...paymentIntentOperations,
  ...chargeOperations,
  ...balanceOperations,
  ...checkoutOperations(subscribing),
  ...catalogueOperations,
  ...subscriptionOperations,
  ...invoiceOperations,
  ...testClockOperations,
  ...portalOperations,
  ...eventOperations,
];
