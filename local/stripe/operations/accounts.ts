import type Stripe from 'stripe';
import * as z from 'zod';
import { type Desk, expanded, type Kept, pageOf } from '../desk.ts';
import { noSuch, refused } from '../failure.ts';
import { type Operation, operation } from '../operation.ts';
import { expand, flag, metadata, oneOf, paging, range, text } from '../params.ts';
import { mergedMetadata } from './customers.ts';

export type KeptAccount = Kept<Stripe.Account>;

/** What Stripe wants to know before it pays out: all of it is asked on its own pages. */
const WANTED = ['business_profile.url', 'company.tax_id', 'external_account', 'representative.first_name', 'tos_acceptance.date'];
const CAPABILITIES = ['card_payments', 'transfers', 'us_bank_account_ach_payments'] as const;
const Requested = z.strictObject({ requested: flag() });

/** Of the platform's own accounts. @throws StripeFailure 403, as for an account that does not exist */
export function theAccount(desk: Desk, id: string): KeptAccount {
  const found = desk.of('').find<Stripe.Account>(id);
  if (found?.object !== 'account')
    throw refused(
      `The provided key 'sk_test_...' does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`,
      { code: 'account_invalid' },
      403,
    );
  return found;
}

/** The clinic has answered everything on Stripe's pages. */
export function completeOnboarding(desk: Desk, id: string): KeptAccount {
  const platform = desk.of('');
  const before = theAccount(desk, id);
  const capabilities = Object.fromEntries(Object.keys(before.capabilities ?? {}).map((name) => [name, 'active']));
  const after = platform.save<KeptAccount>({
    ...before,
    details_submitted: true,
    charges_enabled: true,
    payouts_enabled: true,
    capabilities: capabilities as Stripe.Account.Capabilities,
    requirements: requirements([]),
    future_requirements: requirements([]) as Stripe.Account.FutureRequirements,
  });
  desk.of(id).emit('account.updated', after);
  return after;
}

const requirements = (due: string[]): Stripe.Account.Requirements => ({
  alternatives: [],
  current_deadline: null,
  currently_due: due,
  disabled_reason: due.length > 0 ? 'requirements.past_due' : null,
  errors: [],
  eventually_due: due,
  past_due: due,
  pending_verification: [],
});

export const accountOperations: readonly Operation[] = [
  operation(
    'POST',
    '/v1/accounts',
    z.strictObject({
      type: oneOf('standard', 'express', 'custom').optional(),
      country: text().optional(),
      email: text().optional(),
      business_type: oneOf('company', 'individual', 'non_profit', 'government_entity').optional(),
      capabilities: z.partialRecord(z.enum(CAPABILITIES), Requested).optional(),
      controller: z
        .strictObject({
          fees: z.strictObject({ payer: oneOf('account', 'application') }).optional(),
          losses: z.strictObject({ payments: oneOf('stripe', 'application') }).optional(),
          requirement_collection: oneOf('stripe', 'application').optional(),
          stripe_dashboard: z.strictObject({ type: oneOf('full', 'express', 'none') }).optional(),
        })
        .optional(),
      metadata: metadata(),
      expand: expand(),
    }),
    (desk, params) => {
      if (params.type && params.controller)
        throw refused('You may only specify one of `type` or `controller`.', { param: 'type' });
      const country = params.country ?? 'US';
      if (!/^[A-Z]{2}$/.test(country))
        throw refused(`Country '${country}' is unknown.`, { code: 'country_unsupported', param: 'country' });
      const asked = Object.keys(params.capabilities ?? { card_payments: 1, transfers: 1 });
      const account = desk.save<KeptAccount>({
        id: desk.newId('acct'),
        object: 'account',
        business_profile: null,
        business_type: params.business_type ?? null,
        capabilities: Object.fromEntries(asked.map((name) => [name, 'inactive'])) as Stripe.Account.Capabilities,
        charges_enabled: false,
        controller: {
          fees: { payer: params.controller?.fees?.payer ?? 'account' },
          is_controller: true,
          losses: { payments: params.controller?.losses?.payments ?? 'stripe' },
          requirement_collection: params.controller?.requirement_collection ?? 'stripe',
          stripe_dashboard: { type: params.controller?.stripe_dashboard?.type ?? 'full' },
          type: 'application',
        },
        country,
        created: desk.now(),
        default_currency: 'usd',
        details_submitted: false,
        email: params.email || null,
        external_accounts: { object: 'list', data: [], has_more: false, url: '/v1/accounts/external_accounts' },
        future_requirements: requirements([]) as Stripe.Account.FutureRequirements,
        metadata: params.metadata ?? {},
        payouts_enabled: false,
        requirements: requirements([...WANTED]),
        settings: null,
        tos_acceptance: { date: null, ip: null, user_agent: null },
        type: params.type ?? 'none',
      });
      return account;
    },
  ),
  operation(
    'GET',
    '/v1/accounts/:id',
    z.strictObject({ expand: expand() }),
    (desk, params, { id }) => expanded(desk, theAccount(desk, id), params.expand) as object,
  ),
  operation('GET', '/v1/account', z.strictObject({ expand: expand() }), (desk) => {
    if (desk.account !== '') return theAccount(desk, desk.account);
    throw noSuch('account', 'platform');
  }),
  operation(
    'POST',
    '/v1/accounts/:id',
    z.strictObject({ email: text().optional(), metadata: metadata(), expand: expand() }),
    (desk, params, { id }) => {
      const before = theAccount(desk, id);
      const after = desk.of('').save<KeptAccount>({
        ...before,
        ...(params.email !== undefined && { email: params.email || null }),
        metadata: mergedMetadata(before.metadata ?? {}, params.metadata),
      });
      desk.of(id).emit('account.updated', after);
      return after;
    },
  ),
  operation('DELETE', '/v1/accounts/:id', z.strictObject({}), (desk, _, { id }) => {
    theAccount(desk, id);
    desk.store.remove(id);
    desk.of(id).emit('account.application.deauthorized', { id: 'ca_stand_in', object: 'application', name: 'Tessera' });
    return { id, object: 'account', deleted: true };
  }),
  operation('GET', '/v1/accounts', z.strictObject({ ...paging, created: range() }), (desk, params) =>
    pageOf(desk.of('').list<Stripe.Account>('account'), '/v1/accounts', params),
  ),
  operation(
    'POST',
    '/v1/account_links',
    z.strictObject({
      account: text(),
      type: oneOf('account_onboarding', 'account_update'),
      refresh_url: text().optional(),
      return_url: text().optional(),
      collect: oneOf('currently_due', 'eventually_due').optional(),
      expand: expand(),
    }),
    (desk, params) => {
      const { id } = theAccount(desk, params.account);
      for (const name of ['refresh_url', 'return_url'] as const) {
        const url = params[name];
        if (!url) throw refused(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name });
        if (!URL.canParse(url)) throw refused('Not a valid URL', { code: 'url_invalid', param: name });
      }
      const key = desk.newId('link');
      desk.store.setFact(
        `onboarding:${key}`,
        JSON.stringify({ account: id, returnUrl: params.return_url, refreshUrl: params.refresh_url }),
      );
      const link: Stripe.AccountLink = {
        object: 'account_link',
        created: desk.now(),
        expires_at: desk.now() + 300,
        url: `${desk.origin}/local/stripe/onboarding/${key}`,
      };
      return link;
    },
  ),
  operation('POST', '/v1/accounts/:id/login_links', z.strictObject({ expand: expand() }), (desk, _, { id }) => {
    theAccount(desk, id);
    return { object: 'login_link', created: desk.now(), url: `${desk.origin}/local/stripe` };
  }),
];
