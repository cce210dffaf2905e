import type { ChargeItem, Invoice, InvoiceLineItem, InvoiceLineItemPriceComponent, Money } from 'fhir/r4';
import { BILLING } from '../../schemas/billing.ts';
import { centsOf, sumOfCents, toMoney } from '../../schemas/money.ts';
import { type ProblemIssue, said } from '../outcome.ts';
import { codeOfCharge, totalCentsOf } from './charge-item.ts';

/* An invoice: its lines are the visit's charges, its total their sum. Pure. */

export interface InvoiceParts {
  readonly id: string;
  readonly number: string;
  readonly charges: readonly (ChargeItem & { id: string })[];
  readonly currency: string;
  readonly patient: string;
  readonly encounter: string;
  readonly account: string;
  readonly issuer: string | undefined;
  /** UTC instant. */
  readonly at: string;
  /** yyyy-mm-dd. */
  readonly due: string;
  /** Why it was made although something was in the way. */
  readonly anyway: string | undefined;
}

const HAND = 'urn:tessera:price-set-by-hand';

export function toInvoice(parts: InvoiceParts): Invoice & { id: string } {
  const { currency, charges } = parts;
  const money = (cents: number): Money => toMoney(cents, currency);
  const lineItem = charges.map((charge, at): InvoiceLineItem => {
    const quantity = charge.quantity?.value ?? 1;
    const unit = charge.extension?.find(({ url }) => url === BILLING.unitPrice)?.valueMoney;
    const listed = (centsOf(unit, currency) ?? 0) * quantity;
    const byHand = totalCentsOf(charge, currency) - listed;
    return {
      sequence: at + 1,
      chargeItemReference: { reference: `ChargeItem/${charge.id}`, display: charge.code.text ?? codeOfCharge(charge) },
      priceComponent: [
        { type: 'base', code: charge.code, factor: quantity, amount: money(listed) },
        ...(byHand === 0
          ? []
          : [
              {
                type: byHand < 0 ? ('discount' as const) : ('surcharge' as const),
                code: { coding: [{ system: HAND, code: 'by-hand' }], text: charge.overrideReason ?? '' },
                amount: money(byHand),
              },
            ]),
      ],
    };
  });
  const total = money(sumOfCents(charges.map((charge) => totalCentsOf(charge, currency))));
  return {
    resourceType: 'Invoice',
    id: parts.id,
    extension: [
      { url: BILLING.visit, valueReference: { reference: `Encounter/${parts.encounter}` } },
      { url: BILLING.due, valueDate: parts.due },
    ],
    identifier: [{ system: BILLING.invoiceNumber, value: parts.number }],
    status: 'issued',
    subject: { reference: `Patient/${parts.patient}` },
    recipient: { reference: `Patient/${parts.patient}` },
    date: parts.at,
    ...(parts.issuer && { issuer: { reference: parts.issuer } }),
    account: { reference: parts.account },
    lineItem,
    totalPriceComponent: totalsByType(lineItem, currency),
    totalNet: total,
    totalGross: total,
    ...(parts.anyway && { note: [{ text: parts.anyway, time: parts.at }] }),
  };
}

const componentsOf = (lines: readonly InvoiceLineItem[] = []): readonly InvoiceLineItemPriceComponent[] =>
  lines.flatMap(({ priceComponent = [] }) => priceComponent);

function totalsByType(lines: readonly InvoiceLineItem[], currency: string): InvoiceLineItemPriceComponent[] {
  return [...Map.groupBy(componentsOf(lines), ({ type }) => type)].map(([type, of]) => ({
    type,
    amount: toMoney(sumOfCents(of.map(({ amount }) => centsOf(amount, currency) ?? 0)), currency),
  }));
}

/**
 * What does not add up in an invoice: every amount is whole cents of one currency, the gross total is the sum of the lines' components, the
 * net total that without tax, and each total by type the sum of its type. Nothing means that it balances.
 */
export function invoiceFaults(invoice: Invoice): ProblemIssue[] {
  const components = componentsOf(invoice.lineItem);
  const amounts = [...components.map(({ amount }) => amount), invoice.totalGross, invoice.totalNet];
  const currency = amounts.find((amount) => amount?.currency)?.currency;
  if (!currency) return amounts.some((amount) => amount?.value !== undefined) ? [said('invoice-currency')] : [];
  const faults: ProblemIssue[] = [];
  const cents = (amount: Money | undefined, path: string): number => {
    const exact = centsOf(amount, currency);
    if (amount !== undefined && exact === undefined) faults.push({ ...said('invoice-cents', { currency }), path });
    return exact ?? 0;
  };
  const parts = (invoice.lineItem ?? []).flatMap(({ priceComponent = [] }, line) =>
    priceComponent.map(({ type, amount }, at) => ({
      type,
      cents: cents(amount, `Invoice.lineItem[${line}].priceComponent[${at}].amount`),
    })),
  );
  const sum = (of: readonly { cents: number }[]): number => sumOfCents(of.map((part) => part.cents));
  const claim = (what: Money | undefined, expected: number, path: string): void => {
    if (what === undefined) return;
    const total = cents(what, path);
    if (total === expected) return;
    const text = (amount: number): string => String(toMoney(amount, currency).value);
    faults.push({
      ...said('invoice-unbalanced', { lines: text(expected), total: text(total), difference: text(total - expected), currency }),
      path,
    });
  };
  claim(invoice.totalGross, sum(parts), 'Invoice.totalGross');
  claim(invoice.totalNet, sum(parts.filter(({ type }) => type !== 'tax')), 'Invoice.totalNet');
  for (const [at, { type, amount }] of (invoice.totalPriceComponent ?? []).entries())
    claim(amount, sum(parts.filter((part) => part.type === type)), `Invoice.totalPriceComponent[${at}].amount`);
  if (parts.length > 0 && !invoice.totalGross && invoice.status !== 'draft')
    faults.push({ ...said('invoice-no-total'), path: 'Invoice.totalGross' });
  return faults;
}

export const numberOfInvoice = ({ identifier = [] }: Invoice): string =>
  identifier.find(({ system }) => system === BILLING.invoiceNumber)?.value ?? '';
export const visitOfInvoice = ({ extension = [] }: Invoice): string | undefined =>
  /^Encounter\/([^/]+)/.exec(extension.find(({ url }) => url === BILLING.visit)?.valueReference?.reference ?? '')?.[1];
export const patientOfInvoice = ({ subject }: Invoice): string => subject?.reference?.replace(/^Patient\//, '') ?? '';
export const currencyOfInvoice = ({ totalGross }: Invoice): string => totalGross?.currency ?? 'USD';
export const totalOfInvoice = (invoice: Invoice): number => centsOf(invoice.totalGross, currencyOfInvoice(invoice)) ?? 0;
