import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { numberOf } from '../../schemas/reminders.ts';
import { writeConsent } from './consents.ts';
import { type ReminderDeps, systemScope } from './deps.ts';

/** A text message to our number, as AWS End User Messaging tells it over SNS ("Two-way SMS message payload"). Only what we read. */
export const InboundText = z.object({ originationNumber: z.string().max(40), messageBody: z.string().max(2_000) });
export type InboundText = z.infer<typeof InboundText>;

export interface InboundDeps extends Pick<ReminderDeps, 'records' | 'tenantOf' | 'nowMs'> {
  /** The charts whose patients were written to at this number, over all clinics: they share one number of ours. */
  readonly textedAt: (number: string) => Promise<readonly { readonly tenant: TenantId; readonly patient: FhirId }[]>;
}

/** The words that carriers make every sender honour, and theirs in Spanish (CTIA, Messaging Principles 5.1.3). */
const STOP = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'ALTO', 'PARAR', 'BAJA']);
/** Those of them that begin a sentence about something else: "Cancel my visit on Friday" is no wish to hear nothing more. */
const ALONE = new Set(['CANCEL', 'END', 'QUIT', 'BAJA']);
const START = new Set(['START', 'UNSTOP', 'YES', 'ALTA', 'INICIAR']);

/** What somebody wants who writes this; undefined for anything else. */
export function wishIn(text: string): 'yes' | 'no' | undefined {
  const word =
    text
      .trim()
      .toUpperCase()
      .replaceAll(/[^A-Z]/g, ' ')
      .trim()
      .split(/\s+/)
      .slice(0, 1)[0] ?? '';
  const whole = text.toUpperCase().replaceAll(/[^A-Z]/g, '');
  if (STOP.has(whole) || (STOP.has(word) && !ALONE.has(word))) return 'no';
  return START.has(whole) ? 'yes' : undefined;
}

/**
 * STOP ends text messages to everybody who was written to at the number, in every clinic; START allows them again. Said twice, it is
 * written once. Other words are nobody's to read here.
 */
export async function receiveText(deps: InboundDeps, { originationNumber, messageBody }: InboundText): Promise<number> {
  const wish = wishIn(messageBody);
  const number = numberOf(originationNumber);
  if (!wish || !number) return 0;
  const charts = await deps.textedAt(number);
  for (const { tenant, patient } of charts) {
    const clinic = await deps.tenantOf(tenant);
    if (!clinic) continue;
    const scope = systemScope(clinic, randomUUID());
    await writeConsent(deps.records, scope, { patient, channel: 'sms', wish, by: 'patient' }, new Date(deps.nowMs()));
  }
  return charts.length;
}
