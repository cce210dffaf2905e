import { COUNTRIES } from '../../schemas/places.ts';

/**
 * What may leave for Stripe, which signs no agreement about health data: opaque ids, amounts, words of Stripe's own, a short list of
 * texts, addresses of our own pages, and the e-mail of a clinic's administrator. Everything else is refused before it is sent, a
 * parameter that nobody has thought about included. Pure.
 */
export interface Outgoing {
  /** Path with its query string: /v1/customers?limit=3. */
  readonly path: string;
  /** The form that is posted. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The only sentences that Stripe, and with it a receipt or a bank statement, may show. No visit type, no code, no drug, no name. */
export const ALLOWED_TEXTS: ReadonlySet<string> = new Set([
  'Visit balance',
  'VISIT BALANCE',
  'Account balance',
  'Tessera Solo',
  'Tessera Practice',
  'Tessera Volume',
  'Tessera Pay per visit',

  'Providers',
  'Finished encounters',
  'Active patients',
  'Document workflows',
  'tessera_finished_encounters',
  'tessera_active_patients',
  'TESSERA',
]);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const STRIPE_ID =
  /^(acct|cus|pi|pm|seti|setatt|ch|py|re|pyr|txn|po|dp|du|cs|evt|we|mandate|prod|price|sub|si|in|ii|il|inpay|cn|mtr|mtrevt|clock|bps|bpc|card|ba|src|fee|tr|req|tok|cbtxn|ent)_[A-Za-z0-9_]{1,255}$/;
const TENANT = /^[a-z0-9]{8,20}$/;
const WHOLE = /^-?\d{1,15}$/;
const EXPANSION = /^[a-z_]+(\.[a-z_]+)*$/;
const EVENT_TYPE = /^(v1\.)?[a-z_]+(\.[a-z_]+)+$/;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
/** What is only ever a value of an enumeration, or a flag. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'true false payment setup subscription card us_bank_account link off_session on_session automatic automatic_async manual ' +
    'requested_by_customer duplicate account_onboarding account_update standard express custom licensed metered month year week day per_unit tiered ' +
    'graduated volume sum count last create_prorations always_invoice none cancel pause mark_uncollectible create_invoice allow_incomplete default_incomplete ' +
    'error_if_incomplete pending_if_incomplete charge_automatically send_invoice always never if_required required auto now unchanged instant inf ' +
    'open paid draft void uncollectible active past_due unpaid canceled incomplete incomplete_expired trialing paused all enabled disabled ' +
    'by_id customer_mapping value stripe_customer_id payments_billing eventually_due currently_due phased_in flexible classic hosted_page hosted embedded_page form ' +
    'payment_method_update subscription_cancel subscription_update subscription_update_confirm microdeposits verified hour at_period_end ' +
    'immediately abandoned fraudulent application stripe account full dashboard expiring platform ' +
    'adjustment charge refund payout payment_refund refund_failure payout_failure stripe_fee application_fee charge_failure ' +
    'out_of_band order_change product_unsatisfactory keep exclusive inclusive unspecified limited pay'
  ).split(' '),
);

type Rule = (value: string, request: { readonly connected: boolean }) => boolean;
const id: Rule = (value) => STRIPE_ID.test(value);
const whole: Rule = (value) => WHOLE.test(value);
const word: Rule = (value) => WORDS.has(value);
/** ISO 4217 in small letters, and ISO 3166-1: a clinic is where it is, and is paid in what is paid there. */
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));
const currency: Rule = (value) => CURRENCIES.has(value);
const country: Rule = (value) => COUNTRIES.includes(value);
const text: Rule = (value) => ALLOWED_TEXTS.has(value);
const ours: Rule = (value) => UUID.test(value) || TENANT_KEY.test(value);
/** `tessera:practice:provider:month`, `usage-2026-11`: names of our own catalogue, made of these words alone. */
const CATALOGUE = /^tessera(:(solo|practice|volume|visits|workflows|provider|encounter|patient|base|month|v\d{1,3}))+$/;
const TENANT_KEY = /^tenant:[a-z0-9]{8,20}$/;
const url: Rule = (value) => isOwnPage(value);

/** By the last name of a parameter: `line_items[0][price_data][unit_amount]` is `unit_amount`. An empty value unsets, which is harmless. */
const RULES: Readonly<Record<string, Rule>> = {
  ...rules(
    id,
    'account customer payment_intent payment_method setup_intent charge price product subscription invoice starting_after ending_before source mandate meter default_payment_method test_clock payout id on_behalf_of balance_transaction refund dispute session destination default_price related_object subscription_item configuration stripe_customer_id parent payment_method_configuration',
  ),
  ...rules(
    whole,
    'amount unit_amount quantity application_fee_amount gt gte lt lte limit trial_end trial_period_days billing_cycle_anchor expires_at frozen_time timestamp proration_date flat_amount cancel_at start_time end_time amount_to_capture days_until_due interval_count up_to value delay_days default_decimals created arrival_date available_on backdate_start_date',
  ),
  ...rules(
    word,
    'mode usage capture_method confirmation_method reason interval usage_type billing_scheme tiers_mode formula proration_behavior payment_behavior missing_payment_method collection_method payment_method_collection customer_creation setup_future_usage off_session confirm active enabled status event_payload_key aggregate_usage verification_method collect invoice_now prorate prorate_at cancel_at_period_end requested delivery_success livemode connect ui_mode billing_mode save_default_payment_method end_behavior losses fees stripe_dashboard requirement_collection controller payer auto_advance paid_out_of_band reverse_transfer refund_application_fee allow_redisplay allow_redisplay_filters payment_method_types value_grouping_window filter frequency billing_address_collection transfer_lookup_key event_time_window allow_promotion_codes error_on_requires_action use_stripe_sdk return_type submit_type payment_method_save pending_invoice_items_behavior allow_incomplete trial_settings_end tax_behavior automatic_async cancellation_reason submit permissions',
  ),
  ...rules(currency, 'currency default_currency'),
  ...rules(country, 'country'),
  ...rules(text, 'description statement_descriptor statement_descriptor_suffix name display_name event_name nickname unit_label'),
  ...rules((value) => /^\d{1,15}(\.\d{1,12})?$/.test(value), 'unit_amount_decimal flat_amount_decimal'),
  ...rules(url, 'success_url cancel_url return_url refresh_url url'),
  ...rules(ours, 'client_reference_id'),
  ...rules((value) => CATALOGUE.test(value), 'lookup_key lookup_keys'),
  /** A meter event's own key: the tenant, and the encounter or the month that is counted. */
  ...rules(
    (value) => value.split(':').every((part) => UUID.test(part) || TENANT.test(part) || /^\d{4}-\d\d$/.test(part)),
    'identifier',
  ),
  ...rules((value) => EXPANSION.test(value), 'expand'),
  ...rules((value) => EVENT_TYPE.test(value) || value === '*', 'types enabled_events'),
  ...rules((value) => WORDS.has(value) || EVENT_TYPE.test(value), 'type'),
  ...rules((value) => /^\d{4}-\d\d-\d\d\.[a-z]+$/.test(value), 'api_version'),
  /** The clinic's administrator, on the operator's plane. On a clinic's own account an e-mail would be a patient's. */
  email: (value, { connected }) => !connected && EMAIL.test(value),
};
/** Where `up_to` may be a word, and amounts may be the rest. */
const OR_WORD = new Set(['up_to', 'trial_end', 'billing_cycle_anchor', 'limit']);

function rules(rule: Rule, names: string): Record<string, Rule> {
  return Object.fromEntries(names.split(' ').map((name) => [name, rule]));
}

/** The parameter for whose sake the request may not be sent; undefined when it may. Never the value: it may be what must not be told. */
export function refusedParameter({ path, body, headers }: Outgoing): string | undefined {
  const [address = '', query = ''] = path.split('?', 2);
  if (!isOwnPath(address)) return 'path';
  const key = headers['Idempotency-Key'] ?? headers['idempotency-key'];
  if (key !== undefined && !isKey(key)) return 'Idempotency-Key';
  const connected = (headers['Stripe-Account'] ?? headers['stripe-account'] ?? headers['Stripe-Context']) !== undefined;
  for (const [name, value] of [...new URLSearchParams(query), ...new URLSearchParams(body)]) {
    if (!isAllowed(name, value, connected)) return name;
  }
  return undefined;
}

function isAllowed(name: string, value: string, connected: boolean): boolean {
  const names = name.replaceAll(']', '').split('[');
  if (names.includes('metadata')) return names.length >= 2 && isMetadata(names.at(-1) ?? '', value);
  const leaf = names.findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? '';
  const rule = RULES[leaf];
  if (!rule) return false;
  if (value === '') return true;
  return rule(value, { connected }) || (OR_WORD.has(leaf) && WORDS.has(value));
}

/** Metadata carries ids of ours and nothing else. */
const METADATA_KEYS = new Set([
  'tenant',
  'invoice',
  'attempt',
  'account',
  'plan',
  'statement',
  'purpose',
  'charge',
  'refund',
  'plan_price',
  'agreement',
]);
const isMetadata = (key: string, value: string): boolean => {
  if (!METADATA_KEYS.has(key)) return false;
  if (value === '' || UUID.test(value)) return true;
  if (key === 'tenant') return TENANT.test(value);
  if (key === 'plan') return /^(solo|practice|volume|visits)$/.test(value);
  if (key === 'purpose') return /^(invoice|balance|save-method|subscription)$/.test(value);
  return false;
};

/** `/v1/` and then words of Stripe's and ids. */
const isOwnPath = (path: string): boolean =>
  path
    .split('/')
    .slice(1)
    .every((part, at) => (at === 0 ? part === 'v1' : /^[a-z_]+$/.test(part) || STRIPE_ID.test(decodeURIComponent(part))));

/** What a key of ours is for. */
const KEY_WORDS = new Set(
  'attempt pay refund confirm capture cancel void customer account link checkout portal subscription item quantity meter event setup price product catalogue invoice save detach plan trial addon dispute webhook tenant provider encounter patient workflows'.split(
    ' ',
  ),
);
/** Words and ids with ':' between them: `attempt:<uuid>`. The SDK's own keys for retries begin with `stripe-node-retry-`. */
const isKey = (key: string): boolean =>
  key.length <= 255 &&
  key
    .replace(/^stripe-node-retry-/, '')
    .split(':')
    .every(
      (part, at, parts) =>
        UUID.test(part) ||
        STRIPE_ID.test(part) ||
        WHOLE.test(part) ||
        KEY_WORDS.has(part) ||
        (parts[at - 1] === 'tenant' && TENANT.test(part)) ||
        /^\d{4}-\d\d(-\d\d)?$/.test(part),
    );

/** An address of this app: words of the app's paths and ids. What a person typed stands in no path of ours. */
function isOwnPage(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, pathname, search, hash, username } = new URL(value);
  if (!/^https?:$/.test(protocol) || username !== '' || hash !== '') return false;
  const parts = pathname.split('/').filter(Boolean);
  const query = [...new URLSearchParams(search)];
  return (
    parts.every((part) => UUID.test(part) || /^[a-z0-9-]{1,40}$/.test(part)) &&
    query.every(
      ([key, part]) =>
        /^[a-z_]{1,20}$/.test(key) && (UUID.test(part) || part === '{CHECKOUT_SESSION_ID}' || /^[a-z]{1,16}$/.test(part)),
    )
  );
}
