import { Button, NumberInput, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { KeptSetting } from '../../../schemas/settings/index.ts';
import { TaskSettings } from '../../../schemas/settings/tasks.ts';
import { kindRow, TASK_KIND_NAMES, type TaskKind } from '../../../schemas/tasks.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import { SettingStale } from '../../components/SettingStale.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { settingQuery, useSettingForm } from '../../lib/settings.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './TaskHoursPage.module.css';

const PARTS = ['takeHours', 'dueHours'] as const;
/** An hour to a quarter of a year, as the setting has it. */
const [LEAST, MOST] = [1, 2_160];

/** Settings > Tasks: how long each kind of task may wait, untaken and undone, before it escalates. */
export function TaskHoursPage() {
  const { t } = useSay();
  const { api } = useTenant();
  const kept = useQuery(settingQuery(api, 'tasks'));
  usePageTitle(t('taskHours.title'));
  return (
    <div className={classes.page}>
      <div>
        <h1>{t('taskHours.title')}</h1>
        <Text c="dimmed">{t('taskHours.intro')}</Text>
      </div>
      {kept.isPending && <LoadingLines lines={8} height={36} label={t('common.loading', { what: t('taskHours.title') })} />}
      {kept.isLoadingError && <ErrorState error={kept.error} onRetry={() => void kept.refetch()} />}
      {kept.data && <HoursForm kept={kept.data} />}
    </div>
  );
}

function HoursForm({ kept }: { kept: KeptSetting<'tasks'> }) {
  const say = useSay();
  const { t } = say;
  const form = useSettingForm(kept, () => tellDone(say, t('taskHours.saved')));
  const { hours } = form.typed;
  const isGood = TaskSettings.safeParse(form.typed).success;
  const change = (kind: TaskKind, part: (typeof PARTS)[number], value: string | number) => {
    const { [part]: _, ...others } = hours[kind] ?? {};
    form.setTyped({ hours: { ...hours, [kind]: { ...others, ...(value !== '' && { [part]: Number(value) }) } } });
  };
  return (
    <form
      className={classes.page}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) form.submit();
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
                error={isOutside(hours[kind]?.[part]) && t('taskHours.range', { from: LEAST, to: MOST })}
                value={hours[kind]?.[part] ?? ''}
                onChange={(value) => change(kind, part, value)}
              />
            ))}
          </li>
        ))}
      </ul>
      {form.error && <SaveError error={form.error} />}
      <SettingStale form={form} />
      <div className={classes.actions}>
        <Button type="submit" loading={form.isSaving} disabled={!isGood}>
          {t('taskHours.save')}
        </Button>
      </div>
    </form>
  );
}

const isOutside = (hours: number | undefined): boolean => hours !== undefined && !(hours >= LEAST && hours <= MOST);
