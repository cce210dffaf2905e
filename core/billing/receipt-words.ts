import type { EntryKind, PaymentMethod } from '../../schemas/billing.ts';

/** What receipts and invoices on paper say, in the languages of the screens. */
export const PAPER_LANGUAGES = ['en', 'es'] as const;
export type PaperLanguage = (typeof PAPER_LANGUAGES)[number];

interface PaperWords {
  readonly receipt: string;
  readonly invoice: string;
  readonly voidInvoice: string;
  readonly receiptNumber: string;
  readonly receivedFrom: string;
  readonly receivedOn: string;
  readonly paidWith: string;
  readonly forInvoice: string;
  readonly invoiceNumber: string;
  readonly for: string;
  readonly issued: string;
  readonly due: string;
  readonly lines: string;
  readonly movements: string;
  readonly what: string;
  readonly when: string;
  readonly quantity: string;
  readonly amount: string;
  readonly total: string;
  readonly open: string;
  readonly received: string;
  readonly keptSince: string;
  readonly paid: string;
  readonly isVoid: string;
  readonly left: (amount: string) => string;
  readonly coming: (amount: string) => string;
  readonly madeOn: (day: string) => string;
  readonly inLatinLetters: string;
  readonly pageOf: (page: number, pages: number) => string;
  readonly kinds: Readonly<Record<EntryKind, string>>;
  readonly methods: Readonly<Record<PaymentMethod, string>>;
}

export const PAPER_WORDS: Readonly<Record<PaperLanguage, PaperWords>> = {
  en: {
    receipt: 'Receipt',
    invoice: 'Invoice',
    voidInvoice: 'Invoice (void)',
    receiptNumber: 'Receipt number',
    receivedFrom: 'Received from',
    receivedOn: 'Received on',
    paidWith: 'Paid with',
    forInvoice: 'For invoice',
    invoiceNumber: 'Invoice number',
    for: 'For',
    issued: 'Issued',
    due: 'Due',
    lines: 'Services',
    movements: 'Payments',
    what: 'What',
    when: 'Date',
    quantity: 'How many',
    amount: 'Amount',
    total: 'Total',
    open: 'Left to pay',
    received: 'Received',
    keptSince: 'Received, less what was given back',
    paid: 'This invoice has been paid in full.',
    isVoid: 'This invoice is void: nothing is to be paid on it.',
    left: (amount) => `${amount} of this invoice is left to pay.`,
    coming: (amount) => `${amount} is on its way from a bank.`,
    madeOn: (day) => `As the clinic’s ledger stood on ${day}.`,
    inLatinLetters: 'A text of another script is written here in Latin letters. The clinic’s records keep it as it is.',
    pageOf: (page, pages) => `Page ${page} of ${pages}`,
    kinds: {
      charge: 'Invoice',
      payment: 'Payment',
      refund: 'Refund',
      'write-off': 'Waived by the clinic',
      adjustment: 'Adjustment',
      reversal: 'Taken back',
      return: 'Returned by the bank',
      dispute: 'Disputed',
    },
    methods: { cash: 'cash', check: 'check', card: 'card', bank: 'bank account', other: 'another way' },
  },
  es: {
    receipt: 'Recibo',
    invoice: 'Factura',
    voidInvoice: 'Factura (anulada)',
    receiptNumber: 'Número de recibo',
    receivedFrom: 'Recibido de',
    receivedOn: 'Recibido el',
    paidWith: 'Pagado con',
    forInvoice: 'Por la factura',
    invoiceNumber: 'Número de factura',
    for: 'A nombre de',
    issued: 'Emitida',
    due: 'Vence',
    lines: 'Servicios',
    movements: 'Pagos',
    what: 'Concepto',
    when: 'Fecha',
    quantity: 'Cantidad',
    amount: 'Importe',
    total: 'Total',
    open: 'Por pagar',
    received: 'Recibido',
    keptSince: 'Recibido, menos lo devuelto',
    paid: 'Esta factura está pagada por completo.',
    isVoid: 'Esta factura está anulada: no hay nada que pagar.',
    left: (amount) => `De esta factura quedan por pagar ${amount}.`,
    coming: (amount) => `${amount} están en camino desde un banco.`,
    madeOn: (day) => `Según el libro de la clínica el ${day}.`,
    inLatinLetters:
      'Un texto de otra escritura aparece aquí en letras latinas. Los registros de la clínica lo conservan tal como es.',
    pageOf: (page, pages) => `Página ${page} de ${pages}`,
    kinds: {
      charge: 'Factura',
      payment: 'Pago',
      refund: 'Reembolso',
      'write-off': 'Perdonado por la clínica',
      adjustment: 'Ajuste',
      reversal: 'Anulado',
      return: 'Devuelto por el banco',
      dispute: 'En disputa',
    },
    methods: { cash: 'efectivo', check: 'cheque', card: 'tarjeta', bank: 'cuenta bancaria', other: 'otro medio' },
  },
};
