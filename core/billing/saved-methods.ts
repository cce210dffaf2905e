import type { Account, Extension } from 'fhir/r4';
import type { SavedMethodLine } from '../../schemas/billing.ts';
import { FhirId } from '../../schemas/ids.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import type { Stored } from '../store/types.ts';
import { accountOf, type CardDeps } from './card-payments.ts';
import { type BillingDeps, readClinic } from './clinic.ts';
import { accountId, isLostRace } from './visits.ts';

/*
 * Saved cards and bank accounts. They are kept at the processor; of ours there is the payer's id there, on the patient's Account, and what
 * the person agreed to and when. A screen sees brand and last four digits.
 */
const PAYER = 'https://stripe.com/customer';
const CONSENT = 'urn:tessera:payment-consent';

/** What a person agrees to on the page where they save a card or account. A new wording is a new version; the old ones stay. */
export const MANDATE_TEXT = {
  version: '2',
  en: 'I allow this clinic to charge the card or bank account that I save here for what I owe it, when I or its staff ask for a payment. I can take this back at any time.',
  es: 'Permito a esta clínica cobrar en la tarjeta o cuenta bancaria que guardo aquí lo que le debo, cuando yo o su personal pidamos un pago. Puedo retirarlo en cualquier momento.',
} as const;

const payerOf = (account: Account): string | undefined => account.identifier?.find(({ system }) => system === PAYER)?.value;

async function theAccount({ records }: BillingDeps, scope: Scope, patient: FhirId): Promise<Stored<Account>> {
  const [account] = (await records.readMany(scope, [{ type: 'Account', id: accountId(scope, patient) }])) as Stored<Account>[];
  if (!account) throw new Problem('rule-broken', said('no-account'));
  return account;
}

/** The payer at the processor, made the first time. */
async function payer(deps: CardDeps, scope: Scope, patient: FhirId): Promise<string> {
  const account = await theAccount(deps, scope, patient);
  const known = payerOf(account);
  if (known) return known;
  const id = await deps.way.openPayer(await accountOf(deps, scope), FhirId.parse(account.id));
  const next = { ...account, identifier: [...(account.identifier ?? []), { system: PAYER, value: id }] };
  try {
    await deps.records.update(scope, next, { ifMatch: Number(account.meta.versionId) });
  } catch (error) {
    // The processor makes one payer of one key: whoever was faster has written the same.
    if (!isLostRace(error)) throw error;
  }
  return id;
}

/** @throws Problem not-found when the clinic has no such patient */
export async function savedMethods(deps: CardDeps, scope: Scope, patient: FhirId): Promise<readonly SavedMethodLine[]> {
  const [, [account]] = (await Promise.all([
    deps.records.read(scope, 'Patient', patient),
    deps.records.readMany(scope, [{ type: 'Account', id: accountId(scope, patient) }]),
  ])) as [unknown, Stored<Account>[]];
  const known = account && payerOf(account);
  return known ? deps.way.savedMethods(await accountOf(deps, scope), known) : [];
}

/** The page where a person saves a card or account. */
export async function beginSaving(
  deps: CardDeps,
  scope: Scope,
  patient: FhirId,
  order: { attempt: string; successUrl: string; cancelUrl: string },
): Promise<string> {
  const account = await accountOf(deps, scope);
  const { currency } = await readClinic(deps, scope);
  return deps.way.beginSaving(account, { ...order, tenant: scope.tenant, currency, payer: await payer(deps, scope, patient) });
}

/** The payer of a patient who has this method saved. @throws Problem rule-broken when it is not theirs */
export async function payerWith(deps: CardDeps, scope: Scope, patient: FhirId, method: string): Promise<string> {
  const known = payerOf(await theAccount(deps, scope, patient));
  const own = known ? await deps.way.savedMethods(await accountOf(deps, scope), known) : [];
  if (!known || !own.some(({ id }) => id === method)) throw new Problem('rule-broken', said('method-unknown'));
  return known;
}

export async function forgetMethod(deps: CardDeps, scope: Scope, patient: FhirId, method: string): Promise<void> {
  await payerWith(deps, scope, patient, method);
  await deps.way.forget(await accountOf(deps, scope), method);
}

/** That somebody has agreed to be charged on what they saved, to which words and when: kept with the Account, once a method. */
export async function keepConsent(
  { records }: BillingDeps,
  scope: Scope,
  { payer, method, at }: { payer: string; method: string; at: string },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { items } = await records.byIndex(scope, 'Account', 'payer', { exact: payer }, { count: 2 });
    const account = items.find((one) => one.resourceType === 'Account' && payerOf(one) === payer) as Stored<Account> | undefined;
    if (!account || account.extension?.some(({ url, extension }) => url === CONSENT && extension?.[0]?.valueString === method))
      return;
    const consent: Extension = {
      url: CONSENT,
      extension: [
        { url: 'method', valueString: method },
        { url: 'at', valueDateTime: at },
        { url: 'text', valueString: `${MANDATE_TEXT.version}: ${MANDATE_TEXT.en} / ${MANDATE_TEXT.es}` },
      ],
    };
    try {
      await records.update(
        scope,
        { ...account, extension: [...(account.extension ?? []), consent] },
        { ifMatch: Number(account.meta.versionId) },
      );
      return;
    } catch (error) {
      if (!isLostRace(error) || attempt >= 4) throw error;
    }
  }
}
