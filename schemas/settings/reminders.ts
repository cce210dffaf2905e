import * as z from 'zod';

/** Wall-clock time of the clinic, 24 hours: 08:00. */
const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time as 08:00.');

/** When and how the clinic reminds of appointments. */
export const ReminderSettings = z.strictObject({
  enabled: z.boolean().default(true),
  /** How long before the appointment, in minutes: 15 minutes to 30 days. */
  offsetsMinutes: z
    .array(z.int().min(15).max(43_200))
    .max(5)
    .default([2 * 1_440, 120]),
  channels: z.array(z.enum(['mail', 'sms'])).default(['mail', 'sms']),
  /** Of those who have named no language. */
  language: z.enum(['en', 'es']).default('en'),
  /** Nothing is sent from `from` to `to`, in the clinic's zone; what falls due then waits until `to`. */
  quietHours: z.strictObject({ from: ClockTime, to: ClockTime }).default({ from: '21:00', to: '08:00' }),
});
export type ReminderSettings = z.infer<typeof ReminderSettings>;
