import * as z from 'zod';
import { REMINDER_CHANNELS, REMINDER_LANGUAGES } from '../reminders.ts';

/** Wall-clock time of the clinic, 24 hours: 08:00. */
const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time as 08:00.');

/** When and how the clinic reminds of appointments. */
export const ReminderSettings = z.strictObject({
  enabled: z.boolean().default(true),
  /**
   * How long before the appointment, in minutes: 15 minutes to 14 days, the time for which reminders are planned ahead
   * (functions/record-due.ts). Whole days mean the same time of the clock, also over a night on which the clocks change.
   */
  offsetsMinutes: z
    .array(z.int().min(15).max(20_160))
    .max(5)
    .refine((offsets) => new Set(offsets).size === offsets.length, 'The same time stands here twice.')
    .default([2 * 1_440, 120]),
  channels: z.array(z.enum(REMINDER_CHANNELS)).default(['mail', 'sms']),
  /** Of those who have named no language. */
  language: z.enum(REMINDER_LANGUAGES).default('en'),
  /** Nothing is sent from `from` to `to`, in the clinic's zone; what falls due then waits until `to`. The same time twice: no such hours. */
  quietHours: z.strictObject({ from: ClockTime, to: ClockTime }).default({ from: '21:00', to: '08:00' }),
  /**
   * Whether a text message needs the patient's recorded consent, or a number that the patient gave the clinic is enough
   * (47 CFR 64.1200; FCC 2015, "exempted healthcare calls"). Who has said stop gets none either way.
   */
  smsNeedsConsent: z.boolean().default(true),
});
export type ReminderSettings = z.infer<typeof ReminderSettings>;
