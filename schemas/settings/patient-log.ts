import * as z from 'zod';

/** What patients are told of who opened their record: the role alone, or the name too. */
export const PATIENT_LOG_SHOWS = ['roles', 'names'] as const;
export const PatientLog = z.strictObject({ shows: z.enum(PATIENT_LOG_SHOWS).default('roles') });
export type PatientLog = z.infer<typeof PatientLog>;
