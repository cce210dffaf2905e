import type { Endpoint } from '../../core/http/types.ts';
import { feeEndpoints } from './fee-endpoints.ts';
import { invoiceEndpoints } from './invoice-endpoints.ts';
import { methodEndpoints } from './method-endpoints.ts';
import { ownEndpoints } from './own-endpoints.ts';
import { paperEndpoints } from './paper-endpoints.ts';
import { type PaymentDeps, paymentEndpoints } from './payment-endpoints.ts';
import { ownBillsEndpoints } from './portal-endpoints.ts';
import { visitEndpoints } from './visit-endpoints.ts';

/** The billing desk: from a finished visit to its invoice, and what becomes of that. */
export const billingEndpoints = (deps: PaymentDeps): readonly Endpoint[] => [
  ...visitEndpoints(deps),
  ...invoiceEndpoints(deps),
  ...paymentEndpoints(deps),
  ...methodEndpoints(deps),
  ...ownEndpoints(deps),
  ...paperEndpoints(deps),
  ...feeEndpoints(deps),
  ...ownBillsEndpoints(deps),
];
