import type { TaskKind } from '../../schemas/tasks.ts';
import { kindRow } from '../../schemas/tasks.ts';
import type { Scope } from '../scope.ts';
import { ClinicSettings } from '../settings/clinic-settings.ts';
import type { Records } from '../store/types.ts';
import type { TaskHours } from './build.ts';

/** How long a task of this kind may wait in this clinic. */
export async function hoursOf(
  records: Pick<Records, 'read' | 'create' | 'update'>,
  scope: Scope,
  kind: TaskKind,
): Promise<Required<TaskHours>> {
  const { dueHours, takeHours } = kindRow(kind);
  const own = (await new ClinicSettings(records).read(scope, 'tasks')).hours[kind];
  return { dueHours: own?.dueHours ?? dueHours, takeHours: own?.takeHours ?? takeHours };
}
