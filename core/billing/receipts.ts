import type { Organization } from 'fhir/r4';
import type { InvoicePage, LedgerEntry } from '../../schemas/billing.ts';
import { FhirId } from '../../schemas/ids.ts';
import { digitsOf, sumOfCents } from '../../schemas/money.ts';
import { Problem, said } from '../outcome.ts';
import type { Scope } from '../scope.ts';
import { type BillingDeps, readClinic } from './clinic.ts';
import { readInvoice } from './invoices.ts';
import { type Paper, toPdf } from './paper.ts';
import { PAPER_WORDS, type PaperLanguage } from './receipt-words.ts';

/*
 * Receipts and invoices on paper, made from the ledger each time they are asked for: what was given back since stands on them too. What
 * the clinic has noted on an entry (why it gave money back, the number of a check) is its own and does not.
 */

/** Who the paper is from. */
export interface Letterhead {
  readonly name: string;
  /** ISO 3166-1 alpha-2: it says which size of paper is used. */
  readonly country: string;
}
export interface PaperOrder {
  readonly language: PaperLanguage;
  readonly clinic: Letterhead;
}
interface Around extends PaperOrder {
  /** The clinic's name and address, a line each. */
  readonly from: readonly string[];
  readonly timeZone: string;
  readonly now: Date;
}

/** Codes that an insurer reads (HCPCS Level II); the clinic's own say nothing to anybody else. */
const HCPCS = /^[A-Z]\d{4}$/;
/** Countries that print on letter paper. */
const LETTER = new Set(['US', 'CA', 'MX', 'PH', 'CL', 'CO']);

export interface PrintedPaper {
  readonly bytes: Uint8Array;
  readonly patient: FhirId | undefined;
  /** Without an ending, and naming nobody. */
  readonly name: string;
}

/** The receipt of one payment. @throws Problem not-found for what is not (yet) a payment in the ledger of this invoice */
export async function printReceipt(
  deps: BillingDeps,
  scope: Scope,
  invoice: FhirId,
  entry: FhirId,
  order: PaperOrder,
): Promise<PrintedPaper> {
  const page = await readInvoice(deps, scope, invoice);
  const payment = page.entries.find(({ id, kind, of }) => id === entry && kind === 'payment' && !of);
  if (!payment) throw new Problem('not-found', said('no-such-record'));
  const paper = receiptOf(page, payment, await around(deps, scope, order));
  return {
    bytes: await toPdf(paper),
    patient: FhirId.safeParse(page.patient).data,
    name: `receipt-${receiptNumber(page, payment)}`,
  };
}

/** The invoice with its lines and everything that has come of it. */
export async function printInvoice(deps: BillingDeps, scope: Scope, invoice: FhirId, order: PaperOrder): Promise<PrintedPaper> {
  const page = await readInvoice(deps, scope, invoice);
  const paper = statementOf(page, await around(deps, scope, order));
  return { bytes: await toPdf(paper), patient: FhirId.safeParse(page.patient).data, name: `invoice-${page.number}` };
}

async function around(deps: BillingDeps, scope: Scope, order: PaperOrder): Promise<Around> {
  const { timeZone, organization } = await readClinic(deps, scope);
  const id = FhirId.safeParse(organization?.replace(/^Organization\//, '')).data;
  const [found] = id ? ((await deps.records.readMany(scope, [{ type: 'Organization', id }])) as Organization[]) : [];
  const { line = [], city, state, postalCode, country } = found?.address?.[0] ?? {};
  const place = [[city, state].filter(Boolean).join(', '), postalCode].filter(Boolean).join(' ');
  const telecom = (found?.telecom ?? []).flatMap(({ system, value }) =>
    system === 'phone' || system === 'email' ? (value ?? []) : [],
  );
  const from = [found?.name ?? order.clinic.name, ...line, place, country, telecom.join(', ')].flatMap((text) => text || []);
  return { ...order, from, timeZone, now: deps.now() };
}

const paperOf = ({
  language,
  clinic,
  from,
  now,
}: Around): Pick<Paper, 'language' | 'from' | 'size' | 'made' | 'inLatinLetters' | 'pageOf'> => ({
  language,
  from,
  size: LETTER.has(clinic.country) ? 'letter' : 'a4',
  made: now,
  inLatinLetters: PAPER_WORDS[language].inLatinLetters,
  pageOf: PAPER_WORDS[language].pageOf,
});

/** As the currency writes it, with its letters: "USD 110.05" is the same everywhere. */
export function amountOnPaper(cents: number, currency: string, language: PaperLanguage): string {
  const amount = new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    useGrouping: 'always',
  }).format(cents / 10 ** digitsOf(currency));
  return amount.replace(/[\u00a0\u202f]/g, ' ').replace('−', '-');
}
const dayOnPaper = (instant: string | undefined, { language, timeZone }: Around): string => {
  const tag = language === 'en' ? 'en-GB' : 'es';
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(instant ?? '');
  const at = Date.parse(instant ?? '');
  if (Number.isNaN(at)) return '';
  return new Intl.DateTimeFormat(tag, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: isDay ? 'UTC' : timeZone,
  }).format(at);
};

/** An invoice has few payments: the beginning of an entry's id tells them apart. */
const receiptNumber = ({ number }: InvoicePage, { id }: LedgerEntry): string => `${number}-${id.slice(0, 8).toUpperCase()}`;

const howPaid = ({ method, instrument }: LedgerEntry, language: PaperLanguage): string =>
  instrument ?? PAPER_WORDS[language].methods[method ?? 'other'];

/** Pure. */
export function receiptOf(page: InvoicePage, payment: LedgerEntry, about: Around): Paper {
  const { language } = about;
  const words = PAPER_WORDS[language];
  const money = (cents: number): string => amountOnPaper(cents, page.currency, language);
  // Payments of the ledger take away from what is owed: on a receipt they are what was received.
  // A refund that the bank sent back has not reached anybody: nothing of it stands on what the person is given.
  const since = page.entries.filter(({ of, reversed }) => of === payment.id && !reversed);
  const kept = -sumOfCents([payment, ...since].map(({ cents }) => cents));
  return {
    ...paperOf(about),
    title: words.receipt,
    facts: [
      [words.receiptNumber, receiptNumber(page, payment)],
      [words.receivedFrom, page.patientName ?? ''],
      [words.receivedOn, dayOnPaper(payment.at, about)],
      [words.paidWith, howPaid(payment, language)],
      [words.forInvoice, page.number],
    ],
    tables: [
      {
        heading: words.movements,
        columns: [words.what, words.when, words.amount],
        rows: [payment, ...since].map((entry) => [words.kinds[entry.kind], dayOnPaper(entry.at, about), money(-entry.cents)]),
        sums: [[since.length > 0 ? words.keptSince : words.received, money(kept)]],
      },
    ],
    remarks: [leftWords(page, about), words.madeOn(dayOnPaper(about.now.toISOString(), about))],
  };
}

/** Pure. */
export function statementOf(page: InvoicePage, about: Around): Paper {
  const { language } = about;
  const words = PAPER_WORDS[language];
  const money = (cents: number): string => amountOnPaper(cents, page.currency, language);
  const moved = page.entries.filter(({ kind }) => kind !== 'charge');
  return {
    ...paperOf(about),
    title: page.state === 'void' ? words.voidInvoice : words.invoice,
    facts: [
      [words.invoiceNumber, page.number],
      [words.for, page.patientName ?? ''],
      [words.issued, dayOnPaper(page.issued, about)],
      ...(page.due && page.state === 'open' ? ([[words.due, dayOnPaper(page.due, about)]] as const) : []),
    ],
    tables: [
      {
        heading: words.lines,
        columns: [words.what, words.quantity, words.amount],
        rows: page.lines.map(({ text, code, quantity, cents }) => [
          [text, HCPCS.test(code) && code].filter(Boolean).join(', '),
          String(quantity),
          money(cents),
        ]),
        sums: [[words.total, money(page.totalCents)]],
      },
      ...(moved.length > 0
        ? [
            {
              heading: words.movements,
              columns: [words.what, words.when, words.amount],
              rows: moved.map((entry) => [
                [words.kinds[entry.kind], entry.method && howPaid(entry, language)].filter(Boolean).join(', '),
                dayOnPaper(entry.at, about),
                money(entry.cents),
              ]),
              sums: [[words.open, money(page.openCents)]] as const,
            },
          ]
        : []),
    ],
    remarks: [leftWords(page, about), words.madeOn(dayOnPaper(about.now.toISOString(), about))],
  };
}

function leftWords({ state, openCents, processingCents, currency }: InvoicePage, { language }: Around): string {
  const words = PAPER_WORDS[language];
  if (state === 'void') return words.isVoid;
  const left = openCents > 0 ? words.left(amountOnPaper(openCents, currency, language)) : words.paid;
  const coming = processingCents > 0 ? ` ${words.coming(amountOnPaper(processingCents, currency, language))}` : '';
  return left + coming;
}
