/** Lines of the usage ledger: what a clinic has done in a month (UTC). Each counts exactly once (functions/usage). */
export const LEDGER_LINES = ['patientsRegistered', 'encountersFinished', 'importsFinished', 'patientsLastSeen'] as const;
export type LedgerLine = (typeof LEDGER_LINES)[number];
/**
 * `patientsLastSeen` are the patients whose latest finished visit was in that month: seen again in a later one, a patient moves to it. So
 * each patient ever seen stands in exactly one month, and the sum of twelve months is how many different ones were seen in a year.
 */
export type LedgerCounts = Readonly<Record<LedgerLine, number>>;
export const NOTHING_USED: LedgerCounts = {
  patientsRegistered: 0,
  encountersFinished: 0,
  importsFinished: 0,
  patientsLastSeen: 0,
};

/** A patient is active in the month of a finished visit and in the eleven after it. */
export const ACTIVE_MONTHS = 12;

/** How many patients were active in a month, yyyy-mm: the sum of at most twelve rows, whatever the clinic's size. */
export function activePatients(ledger: ReadonlyMap<string, Pick<LedgerCounts, 'patientsLastSeen'>>, month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const first = new Date(Date.UTC(year, number - ACTIVE_MONTHS, 1)).toISOString().slice(0, 7);
  return [...ledger].reduce((sum, [at, { patientsLastSeen }]) => (at >= first ? sum + patientsLastSeen : sum), 0);
}
