import { refused } from '../failure.ts';
import type { Operation } from '../operation.ts';
import { accountOperations } from './accounts.ts';
import { balanceOperations } from './balance.ts';
import { chargeOperations } from './charges.ts';
import { checkoutOperations, type Subscribing } from './checkout.ts';
import { customerOperations } from './customers.ts';
import { eventOperations } from './events.ts';
import { paymentIntentOperations } from './payment-intents.ts';
import { paymentMethodOperations } from './payment-methods.ts';
import { setupIntentOperations } from './setup-intents.ts';

export const SUBSCRIBING: Subscribing = {
  priceLine: (_, price) => {
    throw refused(`No such price: '${price}'`, { code: 'resource_missing', param: 'line_items[0][price]' });
  },
  begin: () => {
    throw refused('No subscriptions here.');
  },
};

/** Everything that Stripe is asked here. What is not in this list is answered as Stripe answers an address that does not exist. */
export const ALL_OPERATIONS: readonly Operation[] = [
  ...accountOperations,
  ...customerOperations,
  ...paymentMethodOperations,
  ...setupIntentOperations,
  ...paymentIntentOperations,
  ...chargeOperations,
  ...balanceOperations,
  ...checkoutOperations(SUBSCRIBING),
  ...eventOperations,
];
