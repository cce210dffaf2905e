import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InvoicePage, LedgerEntry } from '../../schemas/billing.ts';
import { pdfPages } from '../../test/support/pdf-text.ts';
import { inLatinLetters, type Paper, toPdf } from './paper.ts';
import { amountOnPaper, receiptOf, statementOf } from './receipts.ts';

const ABOUT = {
  language: 'en' as const,
  clinic: { name: 'Oak', country: 'US' },
  from: ['Oak Family Clinic', '12 Mill Lane', 'Springfield, IL 62701'],
  timeZone: 'America/Chicago',
  now: new Date('2026-11-25T03:00:00Z'),
};
const entry = (more: Partial<LedgerEntry>): LedgerEntry => ({
  id: '6f1c2d3e-0000-4000-8000-000000000000',
  kind: 'payment',
  at: '2026-11-21T02:00:00Z',
  cents: -110_05,
  invoice: 'i-1',
  method: 'card',
  instrument: 'Visa 4242',
  note: 'Paid at the desk by her sister',
  ...more,
});
const page = (more: Partial<InvoicePage> = {}): InvoicePage => ({
  id: 'i-1',
  number: '2026-000042',
  patient: 'p-1',
  patientName: 'Zoë Núñez-Müller',
  issued: '2026-11-20T18:00:00Z',
  state: 'open',
  totalCents: 1_240_05,
  openCents: 1_130_00,
  processingCents: 0,
  currency: 'USD',
  version: 3,
  due: '2026-12-20',
  lines: [{ text: 'Follow-up visit', code: 'G0008', quantity: 1, cents: 1_240_05 }],
  entries: [entry({ id: 'charge-i-1', kind: 'charge', cents: 1_240_05 }), entry({})],
  pending: [],
  ...more,
});
const textOf = async (paper: Paper): Promise<string> => (await pdfPages(await toPdf(paper))).join(' ');

describe('a receipt', () => {
  test('says who paid what with what for which invoice, on the clinic’s day, and nothing that the clinic noted', async () => {
    const text = await textOf(receiptOf(page(), entry({}), ABOUT));
    for (const word of [
      'Oak Family Clinic',
      '12 Mill Lane',
      'Zoë Núñez-Müller',
      'Visa 4242',
      'USD 110.05',
      '2026-000042-6F1C2D3E',
      '20 Nov 2026', // 02:00 UTC is the evening before in Chicago
      'USD 1,130.00 of this invoice is left to pay.',
    ])
      expect(text).toContain(word);
    expect(text).not.toMatch(/sister|Follow-up|other script/);
  });
  test('shows what was given back of it since, and what is kept', async () => {
    const since = [
      entry({ id: 'r-1', kind: 'refund', cents: 30_00, of: entry({}).id }),
      entry({ id: 'r-2', kind: 'refund', cents: 5_00, of: 'another' }),
    ];
    const text = await textOf(receiptOf(page({ entries: [...page().entries, ...since] }), entry({}), ABOUT));
    expect(text).toMatch(/Refund .*-USD 30\.00/);
    expect(text).toMatch(/less what was given back USD 80\.05/);
    expect(text).not.toContain('5.00 ');
  });
  test('says nothing of a refund that the bank sent back', async () => {
    const since = [
      entry({ id: 'r-1', kind: 'refund', cents: 30_00, of: entry({}).id, reversed: true }),
      entry({ id: 'r-1-back', kind: 'reversal', cents: -30_00, of: 'r-1' }),
    ];
    const text = await textOf(receiptOf(page({ entries: [...page().entries, ...since] }), entry({}), ABOUT));
    expect(text).not.toMatch(/USD 30\.00|given back/);
    expect(text).toMatch(/USD 110\.05/);
  });
  test('in Spanish says the same', async () => {
    const text = await textOf(
      receiptOf(page(), entry({ method: 'cash', instrument: undefined } as never), { ...ABOUT, language: 'es' }),
    );
    expect(text).toContain('Recibido de');
    expect(text).toContain('efectivo');
    expect(text).toMatch(/110,05 USD/);
  });
});

test('an invoice has its lines, what came of it and what is left; one of many lines runs over pages, each numbered', async () => {
  const text = await textOf(statementOf(page(), ABOUT));
  expect(text).toMatch(/Follow-up visit, G0008 1 USD 1,240\.05/);
  expect(text).toMatch(/Payment, Visa 4242 20 Nov 2026 -USD 110\.05/);
  expect(text).toMatch(/Left to pay USD 1,130\.00/);
  const lines = Array.from({ length: 60 }, (_, at) => ({
    text: `Line ${at} of something long enough to be wrapped twice over here`,
    code: `c-${at}`,
    quantity: 1,
    cents: 1,
  }));
  const pages = await pdfPages(await toPdf(statementOf(page({ lines }), ABOUT)));
  expect(pages.length).toBeGreaterThan(1);
  expect(pages[0]).toContain(`Page 1 of ${pages.length}`);
  expect(pages.join(' ')).toContain('Line 59');
});

describe('a name of another script', () => {
  test.each([
    ['Наталья Иванова', 'Natal’ya Ivanova'],
    ['山田太郎', 'ShanTianTaiLang'],
    ['Ólafur Þórðarson', 'Ólafur Þórðarson'],
    ['Łukasz Żółw', 'Lukasz Zólw'],
  ])('%s', async (patientName, written) => {
    const text = await textOf(receiptOf(page({ patientName }), entry({}), ABOUT));
    expect(text.replace(/['’]/g, '')).toContain(written.replace(/['’]/g, ''));
    expect(text.includes('written here in Latin letters')).toBe(patientName !== written);
  });
  test('whatever is written, the page is made, with something for every letter', () => {
    const ascii = (codePoint: number): boolean => codePoint >= 32 && codePoint < 127;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
        const { text: latin } = inLatinLetters(text, ascii);
        expect(latin).toMatch(/^[\x20-\x7e]+$/);
      }),
    );
  });
});

test.each([
  [110_05, 'USD', 'USD 110.05'],
  [0, 'USD', 'USD 0.00'],
  [-7, 'EUR', '-EUR 0.07'],
  [12_000, 'JPY', 'JPY 12,000'],
])('%d of %s is %s', (cents, currency, written) => {
  expect(amountOnPaper(cents, currency, 'en')).toBe(written);
});
