import type { OperationOutcome, Task } from 'fhir/r4';
import type { TaskAnswer, TaskChange } from '../../../schemas/task-requests.ts';
import { errorLine, tellDone, tellRefused } from '../../components/notices.tsx';
import { useSay } from '../../i18n/index.ts';
import { ApiError, issuesOf } from '../../lib/api.ts';
import { formatMoment } from '../../lib/dates.ts';
import { useTaskChanges } from '../../lib/tasks.ts';

/** Does something to tasks, says what became of each, and offers for ten seconds to take it back. */
export function useTaskDeeds() {
  const say = useSay();
  const { t } = say;
  const changes = useTaskChanges();

  const refusals = (answers: readonly TaskAnswer[]): string => {
    const texts = answers.flatMap((answer) =>
      answer.done ? [] : [errorText(new ApiError(answer.status, issuesOf(answer.outcome as OperationOutcome)))],
    );
    return [...new Set(texts)].join(' ');
  };
  const errorText = (error: Error): string =>
    (error instanceof ApiError && error.issues.map(say.fault).filter(Boolean).join(' ')) || errorLine(say, error);
  const refused = (message: string, title: string = t('task.failed')) => tellRefused(say, message, title);

  const undo = (tasks: readonly Task[]) =>
    changes.mutate(
      { tasks, change: { do: 'undo' } },
      {
        onSuccess: (answers) => {
          const failed = refusals(answers);
          if (failed) refused(failed);
          else tellDone(say, t('task.undone'));
        },
        onError: (error) => refused(errorText(error)),
      },
    );

  const didText = (change: TaskChange, count: number): string => {
    if (count > 1) return t('task.didMany', { count });
    if (change.do === 'undo') return t('task.undone');
    if (change.do === 'snooze') return t('task.did.snooze', { when: formatMoment(change.until, say.locale) ?? '' });
    return t(`task.did.${change.do}`);
  };

  /** `onDone` is given the ids of those that were refused; it is not called when no answer came. */
  const run = (tasks: readonly Task[], change: TaskChange, onDone?: (refused: ReadonlySet<string>) => void) =>
    changes.mutate(
      { tasks, change },
      {
        onSuccess: (answers) => {
          const done = answers.flatMap((answer) => (answer.done ? [answer.task] : []));
          const failed = answers.length - done.length;
          if (failed > 0) refused(refusals(answers), tasks.length > 1 ? t('task.refusedMany', { count: failed }) : undefined);
          if (done.length > 0) tellDone(say, didText(change, done.length), () => undo(done));
          onDone?.(new Set(answers.flatMap((answer) => (answer.done ? [] : [answer.id]))));
        },
        onError: (error) => refused(errorText(error)),
      },
    );
  return { run, pending: changes.isPending };
}
