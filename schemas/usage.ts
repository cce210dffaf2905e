/** Lines of the usage ledger: what a clinic has done in a month (UTC). Each counts exactly once (functions/usage). */
export const LEDGER_LINES = ['patientsRegistered', 'encountersFinished', 'importsFinished'] as const;
export type LedgerLine = (typeof LEDGER_LINES)[number];
export type LedgerCounts = Readonly<Record<LedgerLine, number>>;
