import { useQuery } from '@tanstack/react-query';
import type { Task } from 'fhir/r4';
import { Link } from 'react-router';
import { dueOf, mayWorkOn, OPEN_STATUSES, seesAllTasks, snoozedUntil } from '../../../schemas/tasks.ts';
import { ErrorState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { matches } from '../../lib/api.ts';
import { formatMoment } from '../../lib/dates.ts';
import { taskKeys, useOwnerName } from '../../lib/tasks.ts';
import { useTenant } from '../../lib/tenant.tsx';
import tile from '../chart/Tile.module.css';
import classes from './patient-tasks.module.css';
import { descriptionOf, isOverdue, placeOf, titleOf } from './task-words.ts';

const MOST_SHOWN = 5;

/** What is open about this patient, whoever has it, as a tile of the chart. Without any there is no tile. */
export function PatientTasks({ patientId }: { patientId: string }) {
  const say = useSay();
  const { t, locale } = say;
  const { slug, api, may, roles } = useTenant();
  const ownerName = useOwnerName();
  const permitted = may('Task', 'search');
  const found = useQuery({
    queryKey: [...taskKeys.all(api), 'patient', patientId],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ patient: patientId, status: OPEN_STATUSES.join(','), _count: '100' });
      return matches(await api.search<Task>('Task', query, signal));
    },
    staleTime: 10_000, // ms
    enabled: permitted,
  });
  // As in the inbox: whoever does not work on charts is shown what lies with their own roles.
  const shown = (found.data ?? []).filter((task) => seesAllTasks(roles) || mayWorkOn(task, { roles, keys: [] }));
  if (!permitted || found.isPending || (found.data && shown.length === 0)) return null;
  const nowMs = Date.now();
  const tasks = shown.toSorted((one, other) => ((dueOf(one) ?? '~') < (dueOf(other) ?? '~') ? -1 : 1));
  return (
    <section className={tile.tile} aria-labelledby="tile-tasks" data-tile="tasks">
      <header className={tile.head}>
        <h2 id="tile-tasks" className={tile.title}>
          <Link to={addresses.inbox(slug)} className={tile.way}>
            {t('task.ofPatient')}
            {tasks.length > 0 && <span className={tile.count}>{new Intl.NumberFormat(locale.tag).format(tasks.length)}</span>}
          </Link>
        </h2>
      </header>
      <div className={tile.body}>
        {found.isLoadingError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
        <ul className={tile.list}>
          {tasks.slice(0, MOST_SHOWN).map((task) => {
            const due = dueOf(task);
            const late = isOverdue(task, nowMs);
            const asleep = Date.parse(snoozedUntil(task) ?? '') > nowMs;
            const who = ownerName(task) ?? t('task.nobody');
            return (
              <li key={task.id}>
                <Link to={placeOf(task, slug, patientId) ?? addresses.inbox(slug)} className={tile.line} preventScrollReset>
                  <span className={tile.main}>{titleOf(task, say)}</span>
                  {due && (
                    <span className={late ? `${tile.side} ${classes.late}` : tile.side}>
                      {t('task.due', { when: formatMoment(due, locale) ?? '' })}
                    </span>
                  )}
                  <span className={tile.under}>
                    {[who, asleep && t('task.asleep'), descriptionOf(task, say)].filter(Boolean).join(' · ')}
                  </span>
                </Link>
              </li>
            );
          })}
        </ul>
        {tasks.length > MOST_SHOWN && (
          <p className={classes.moreTasks}>{t('task.andMore', { count: tasks.length - MOST_SHOWN })}</p>
        )}
      </div>
    </section>
  );
}
