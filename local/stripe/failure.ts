/** What Stripe answers instead of an object: its real shape, which the SDK turns into its own error classes. */
export interface FailureBody {
  readonly type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error' | 'authentication_error';
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly charge?: string;
  readonly doc_url?: string;
  readonly payment_intent?: unknown;
  readonly setup_intent?: unknown;
  readonly payment_method?: unknown;
}

export class StripeFailure extends Error {
  readonly status: number;
  readonly body: FailureBody;
  constructor(status: number, body: FailureBody) {
    super(body.message);
    this.name = 'StripeFailure';
    this.status = status;
    this.body = body.code ? { ...body, doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}` } : body;
  }
}

/** A request that Stripe does not understand or will not do. */
export const refused = (message: string, { code, param }: { code?: string; param?: string } = {}, status = 400): StripeFailure =>
  new StripeFailure(status, { type: 'invalid_request_error', message, ...(code && { code }), ...(param && { param }) });

/** @param what as Stripe's messages name it: customer, payment_intent */
export const noSuch = (what: string, id: string, param = 'id', status = 404): StripeFailure =>
  refused(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, status);

export const unknownParameter = (param: string): StripeFailure =>
  refused(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
export const missingParameter = (param: string): StripeFailure =>
  refused(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
