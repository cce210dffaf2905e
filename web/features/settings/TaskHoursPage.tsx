import { Button, NumberInput, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { KeptSetting } from '../../../schemas/settings/index.ts';
import { TaskSettings } from '../../../schemas/settings/tasks.ts';
import { kindRow, TASK_KIND_NAMES, type TaskKind } from '../../../schemas/tasks.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { ApiError } from '../../lib/api.ts';
import { settingQuery, useSaveSetting } from '../../lib/settings.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './TaskHoursPage.module.css';

const PARTS = ['takeHours', 'dueHours'] as const;
/** An hour to a quarter of a year, as the setting has it. */
const [LEAST, MOST] = [1, 2_160];
type Hours = TaskSettings['hours'];

/** Settings > Tasks: how long each kind of task may wait, untaken and undone, before it escalates. */
export function TaskHoursPage() {
  const { t } = useSay();
  const { api } = useTenant();
  const kept = useQuery(settingQuery(api, 'tasks'));
  useEffect(() => {
    document.title = `${t('taskHours.title')} · Tessera`;
  }, [t]);
  return (
    <div className={classes.page}>
      <div>
        <h1>{t('taskHours.title')}</h1>
        <Text c="dimmed">{t('taskHours.intro')}</Text>
      </div>
      {kept.isPending && <LoadingLines lines={8} height={36} label={t('common.loading', { what: t('taskHours.title') })} />}
      {kept.isError && <ErrorState error={kept.error} onRetry={() => void kept.refetch()} />}
      {kept.data && <HoursForm kept={kept.data} />}
    </div>
  );
}

function HoursForm({ kept }: { kept: KeptSetting<'tasks'> }) {
  const { t } = useSay();
  const { api } = useTenant();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<Hours>(kept.value.hours);
  const [version, setVersion] = useState(kept.version);
  const save = useSaveSetting('tasks');
  const isGood = TaskSettings.safeParse({ hours: typed }).success;
  const stale = save.error instanceof ApiError && save.error.status === 412;
  const change = (kind: TaskKind, part: (typeof PARTS)[number], value: string | number) => {
    const { [part]: _, ...others } = typed[kind] ?? {};
    setTyped({ ...typed, [kind]: { ...others, ...(value !== '' && { [part]: Number(value) }) } });
  };
  const submit = (over: number) =>
    save.mutate(
      { value: { hours: typed }, version: over },
      {
        onSuccess: (next) => {
          setVersion(next.version);
          tellDone({ t }, t('taskHours.saved'));
        },
      },
    );
  const theirs = () => queries.fetchQuery({ ...settingQuery(api, 'tasks'), staleTime: 0 });
  const showTheirs = async () => {
    const found = await theirs();
    setTyped(found.value.hours);
    setVersion(found.version);
    save.reset();
  };
  return (
    <form
      className={classes.page}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) submit(version);
      }}
    >
      <div className={classes.heads} aria-hidden>
        {PARTS.map((part) => (
          <span key={part}>{t(`taskHours.${part}`)}</span>
        ))}
      </div>
      <ul className={classes.kinds}>
        {TASK_KIND_NAMES.map((kind) => (
          <li key={kind} className={classes.kind}>
            <h2 className={classes.name} id={`hours-of-${kind}`}>
              {t(`task.kinds.${kind}`)}
            </h2>
            {PARTS.map((part) => (
              <NumberInput
                key={part}
                classNames={{ label: classes.label }}
                label={t(`taskHours.${part}`)}
                aria-describedby={`hours-of-${kind}`}
                placeholder={String(kindRow(kind)[part])}
                min={LEAST}
                max={MOST}
                clampBehavior="none"
                allowDecimal={false}
                allowNegative={false}
                error={isOutside(typed[kind]?.[part]) && t('taskHours.range', { from: LEAST, to: MOST })}
                value={typed[kind]?.[part] ?? ''}
                onChange={(value) => change(kind, part, value)}
              />
            ))}
          </li>
        ))}
      </ul>
      {save.error && !stale && <SaveError error={save.error} />}
      {stale && (
        <div role="alert" className={classes.page}>
          <Text fw={600}>{t('taskHours.stale')}</Text>
          <div className={classes.actions}>
            <Button variant="default" onClick={() => void showTheirs()}>
              {t('taskHours.readTheirs')}
            </Button>
            <Button variant="default" onClick={async () => submit((await theirs()).version)}>
              {t('taskHours.saveMine')}
            </Button>
          </div>
        </div>
      )}
      <div className={classes.actions}>
        <Button type="submit" loading={save.isPending} disabled={!isGood}>
          {t('taskHours.save')}
        </Button>
      </div>
    </form>
  );
}

const isOutside = (hours: number | undefined): boolean => hours !== undefined && !(hours >= LEAST && hours <= MOST);
