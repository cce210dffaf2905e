import type { Operation } from '../operation.ts';
import { accountOperations } from './accounts.ts';
import { balanceOperations } from './balance.ts';
import { catalogueOperations } from './catalogue.ts';
import { chargeOperations } from './charges.ts';
import { checkoutOperations } from './checkout.ts';
import { customerOperations } from './customers.ts';
import { eventOperations } from './events.ts';
import { paymentIntentOperations } from './payment-intents.ts';
import { paymentMethodOperations } from './payment-methods.ts';
import { setupIntentOperations } from './setup-intents.ts';
import { subscribing, subscriptionOperations } from './subscriptions.ts';

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
  ...eventOperations,
];
