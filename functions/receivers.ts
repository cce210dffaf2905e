import type { Worker } from '../schemas/events.ts';

/**
 * Who receives which events: the rules on the bus are made of it (infra/constructs/events.ts), and the nightly look back asks by it who
 * owes a receipt. At most two receivers have a queue of their own, since each queue that Lambda polls costs a little day and night: what
 * counts goes to `usage`, what tells people goes to `notices`.
 */
export const RECEIVERS: Readonly<Record<Exclude<Worker, 'imports' | 'scans'>, readonly string[]>> = {
  usage: ['PatientRegistered', 'EncounterFinished', 'CoverageChanged', 'FeesChanged', 'ImportFinished', 'ImportUndone'],
  notices: ['ImportFinished', 'ResultArrived'],
};

/** How often a queue hands out a message that fails, before it is set aside. */
export const MOST_TRIES = 3;

export const receiversOf = (event: string): string[] =>
  Object.entries(RECEIVERS).flatMap(([name, events]) => (events.includes(event) ? [name] : []));
