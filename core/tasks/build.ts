import type { Reference, Task } from 'fhir/r4';
import type { FhirId, TenantId } from '../../schemas/ids.ts';
import { kindRow, POOL_SYSTEM, type Pool, TAKE_BY, TASK_SYSTEM, type TaskKind, type TaskPriority } from '../../schemas/tasks.ts';
import { stableId } from '../stable-id.ts';
import type { TaskText } from './task-text.ts';

/** Something that must not be forgotten. */
export interface NewTask {
  readonly kind: TaskKind;
  /**
   * What it is about, in the words of a program ("QuestionnaireResponse/7f.."): the same kind and key is the same task, however often and
   * by whom it is asked for. A thing that comes back (a result amended, a payment that fails again) says so in its key.
   */
  readonly key: string;
  /** The patient. */
  readonly for?: Reference;
  readonly focus?: Reference;
  readonly encounter?: Reference;
  /** A person: `ownerOf` (schemas/tasks.ts). Without one it lies in the pool. */
  readonly owner?: Reference;
  readonly requester?: Reference;
  readonly pool?: Pool;
  readonly priority?: TaskPriority;
  /** Instants. Without them the kind's hours count from now. */
  readonly due?: string;
  readonly takeBy?: string;
  /** What to do, in a line. Nothing that was found: whoever shares the pool reads it. */
  readonly description?: string | TaskText;
}

/** Hours as a clinic has set them; else those of the kind. */
export interface TaskHours {
  readonly dueHours?: number;
  readonly takeHours?: number;
}

/** The id of the task about a thing: made of kind and key, so that two who open it at once meet. */
export const taskId = (tenant: TenantId, kind: TaskKind, key: string): FhirId => stableId(tenant, `Task ${kind} ${key}`);

const HOUR_MS = 3_600_000;
const later = (now: Date, hours: number): string => new Date(now.getTime() + hours * HOUR_MS).toISOString();

/** The Task. Pure. */
export function buildTask(tenant: TenantId, wanted: NewTask, now: Date, hours: TaskHours = {}): Task & { id: FhirId } {
  const row = kindRow(wanted.kind);
  const { owner, requester, focus, encounter, description } = wanted;
  const due = wanted.due ?? later(now, hours.dueHours ?? row.dueHours);
  const takeBy = wanted.takeBy ?? later(now, hours.takeHours ?? row.takeHours);
  return {
    resourceType: 'Task',
    id: taskId(tenant, wanted.kind, wanted.key),
    // A deadline before it says enough: who takes it late is late anyway.
    ...(!owner && takeBy < due && { extension: [{ url: TAKE_BY, valueDateTime: takeBy }] }),
    status: 'requested',
    intent: 'order',
    priority: wanted.priority ?? row.priority,
    code: { coding: [{ system: TASK_SYSTEM, code: wanted.kind }] },
    ...(typeof description === 'object'
      ? { description: description.text, _description: { extension: description.extension } }
      : description && { description }),
    ...(focus && { focus }),
    ...(wanted.for && { for: wanted.for }),
    ...(encounter && { encounter }),
    authoredOn: now.toISOString(),
    lastModified: now.toISOString(),
    ...(requester && { requester }),
    performerType: [poolConcept(wanted.pool ?? row.pool)],
    ...(owner && { owner }),
    restriction: { period: { end: due } },
  };
}

export const poolConcept = (pool: Pool) => ({ coding: [{ system: POOL_SYSTEM, code: pool }] });
