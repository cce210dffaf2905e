import * as z from 'zod';
import { TASK_KIND_NAMES } from '../tasks.ts';

/** Whole hours: an hour to a quarter of a year. */
const Hours = z.int().min(1).max(2_160);

/** How long things may wait in this clinic: what is not named keeps the hours of its kind (schemas/tasks.ts). */
export const TaskSettings = z.strictObject({
  hours: z
    .partialRecord(
      z.enum(TASK_KIND_NAMES),
      z.strictObject({
        /** From its opening to its deadline. */
        dueHours: Hours.optional(),
        /** That it may lie in a pool without anybody having taken it. */
        takeHours: Hours.optional(),
      }),
    )
    .default({}),
});
export type TaskSettings = z.infer<typeof TaskSettings>;
