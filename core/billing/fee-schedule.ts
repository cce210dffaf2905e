import { createHash } from 'node:crypto';
import type { ChargeItemDefinition } from 'fhir/r4';
import { BILLING, type Fee, type FeesPage, type SetFee } from '../../schemas/billing.ts';
import { toMoney } from '../../schemas/money.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { stableId } from '../stable-id.ts';
import type { Stored, Write } from '../store/types.ts';
import { allOf, type BillingDeps, readClinic, visitTypes } from './clinic.ts';
import { codeOf, priceOf, rulesOf, titleOf } from './fees.ts';

const HCPCS = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';
const OWN = 'urn:tessera:fee';

/** The day before: where the version before a new one ends. */
const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

export async function readFees(deps: BillingDeps, scope: Scope): Promise<FeesPage> {
  const [{ fees, currency }, types] = await Promise.all([readClinic(deps, scope), visitTypes(deps, scope)]);
  return {
    currency,
    visitTypes: types,
    fees: fees
      .filter(({ status }) => status === 'active')
      .map((fee) => toFee(fee, currency))
      .sort((a, b) => (a.code === b.code ? (a.from < b.from ? 1 : -1) : a.code < b.code ? -1 : 1)),
  };
}

function toFee(fee: Stored<ChargeItemDefinition>, currency: string): Fee {
  const to = fee.effectivePeriod?.end?.slice(0, 10);
  const coveredCents = priceOf(fee, 'covered', currency) ?? 0;
  return {
    id: fee.id,
    code: codeOf(fee),
    system: fee.code?.coding?.[0]?.system === HCPCS ? 'hcpcs' : 'own',
    title: titleOf(fee),
    from: fee.effectivePeriod?.start?.slice(0, 10) ?? '',
    ...(to && { to }),
    coveredCents,
    selfPayCents: priceOf(fee, 'self-pay', currency) ?? coveredCents,
    rules: [...rulesOf(fee)],
    currency,
  };
}

/**
 * Sets a fee from a day on: the version before ends the day before, in the same transaction, so that no day has two prices and none is
 * without. The same day again replaces that version. @throws Problem rule-broken when a later version stands already
 */
export async function setFee(deps: BillingDeps, scope: Scope, fee: SetFee): Promise<void> {
  const { currency } = await readClinic(deps, scope);
  const versions = (await allOf<ChargeItemDefinition>(deps, scope, 'ChargeItemDefinition')).filter(
    (one) => codeOf(one) === fee.code && one.status === 'active',
  );
  const later = versions
    .map(({ effectivePeriod }) => effectivePeriod?.start?.slice(0, 10) ?? '')
    .filter((start) => start > fee.from);
  if (later.length > 0) throw new Problem('rule-broken', { ...said('fee-dates', { from: later.sort()[0] ?? '' }), path: 'from' });
  const same = versions.find(({ effectivePeriod }) => effectivePeriod?.start?.slice(0, 10) === fee.from);
  const before = versions.filter(
    (one) => one !== same && (one.effectivePeriod?.end === undefined || one.effectivePeriod.end.slice(0, 10) >= fee.from),
  );
  const id = (same?.id ?? stableId(scope.tenant, `fee/${fee.code}/${fee.from}`)) as string;
  const next = toDefinition(fee, currency, id);
  const writes: Write[] = [
    same
      ? { kind: 'update', resource: next, ifMatch: Number(same.meta.versionId) }
      : { kind: 'create', resource: next, id: stableId(scope.tenant, `fee/${fee.code}/${fee.from}`) },
    ...before.map(
      (one): Write => ({
        kind: 'update',
        resource: { ...one, effectivePeriod: { ...one.effectivePeriod, end: dayBefore(fee.from) } },
        ifMatch: Number(one.meta.versionId),
      }),
    ),
  ];
  await deps.records.transact(scope, writes, { via: 'transaction' });
}

function toDefinition(fee: SetFee, currency: string, id: string): ChargeItemDefinition & { id: string } {
  const base = (cents: number) => [{ type: 'base' as const, amount: toMoney(cents, currency) }];
  return {
    resourceType: 'ChargeItemDefinition',
    id,
    url: `urn:uuid:${uuidOf(`${fee.code}/${fee.from}/${id}`)}`,
    // An empty rule is written too: the clinic has said that this fee is never proposed by itself.
    extension:
      fee.rules.length > 0
        ? fee.rules.map((rule) => ({ url: BILLING.rule, valueString: JSON.stringify(rule) }))
        : [{ url: BILLING.rule, valueString: '{}' }],
    title: fee.title,
    status: 'active',
    effectivePeriod: { start: fee.from },
    code: { coding: [{ system: fee.system === 'hcpcs' ? HCPCS : OWN, code: fee.code }], text: fee.title },
    propertyGroup: [
      { priceComponent: base(fee.coveredCents) },
      ...(fee.selfPayCents === undefined || fee.selfPayCents === fee.coveredCents
        ? []
        : [
            {
              applicability: [
                {
                  extension: [{ url: BILLING.priceFor, valueCode: 'self-pay' }],
                  description: 'Patients who pay without insurance',
                },
              ],
              priceComponent: base(fee.selfPayCents),
            },
          ]),
    ],
  };
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
