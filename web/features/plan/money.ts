/** Cents of a US dollar, in the reader's way of writing numbers. */
export const money = (cents: number, tag: string): string =>
  new Intl.NumberFormat(tag, { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' }).format(cents / 100);
