import { ActionIcon, Button, Checkbox, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { reminderMail, reminderText } from '../../../schemas/reminder-messages.ts';
import { REMINDER_CHANNELS, REMINDER_LANGUAGES, type ReminderChannel } from '../../../schemas/reminders.ts';
import type { KeptSetting } from '../../../schemas/settings/index.ts';
import { ReminderSettings } from '../../../schemas/settings/reminders.ts';
import { tellDone } from '../../components/notices.tsx';
import { SettingStale } from '../../components/SettingStale.tsx';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { settingQuery, useSettingForm } from '../../lib/settings.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { useClinicReminders } from './queries.ts';
import { ReminderTable } from './ReminderTable.tsx';
import classes from './reminders.module.css';

const UNITS = { minutes: 1, hours: 60, days: 1_440 } as const;
type Unit = keyof typeof UNITS;
const MOST = 5;

/** "2 days before" */
export function beforeWords(minutes: number, { t }: Say): string {
  const unit: Unit = minutes % UNITS.days === 0 ? 'days' : minutes % UNITS.hours === 0 ? 'hours' : 'minutes';
  return t(`reminders.settings.before.${unit}`, { count: minutes / UNITS[unit] });
}

/** Settings > Reminders: when and how patients are reminded, what they get, and what was sent. */
export function RemindersPage() {
  const { t } = useSay();
  const { api } = useTenant();
  const kept = useQuery(settingQuery(api, 'reminders'));
  usePageTitle(t('reminders.title'));
  return (
    <div className={classes.page}>
      <div>
        <h1>{t('reminders.title')}</h1>
        <Text c="dimmed">{t('reminders.settings.intro')}</Text>
      </div>
      {kept.isPending && <LoadingLines lines={8} height={28} label={t('common.loading', { what: t('reminders.title') })} />}
      {kept.isLoadingError && <ErrorState error={kept.error} onRetry={() => void kept.refetch()} />}
      {kept.data && <RemindersForm kept={kept.data} />}
      <SentLately />
    </div>
  );
}

function RemindersForm({ kept }: { kept: KeptSetting<'reminders'> }) {
  const say = useSay();
  const { t } = say;
  const { may } = useTenant();
  const form = useSettingForm(kept, () => tellDone(say, t('reminders.settings.saved')));
  const { typed, setTyped } = form;
  const locked = !may('Settings', 'update');
  const change = (more: Partial<ReminderSettings>) => setTyped((before) => ({ ...before, ...more }));
  const isGood = ReminderSettings.safeParse(typed).success;
  const words = form.error && errorWords(form.error, say);
  return (
    <form
      className={classes.page}
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (isGood) form.submit();
      }}
    >
      <Checkbox
        label={t('reminders.settings.enabled')}
        checked={typed.enabled}
        disabled={locked}
        onChange={(event) => change({ enabled: event.currentTarget.checked })}
      />
      <Offsets offsets={typed.offsetsMinutes} locked={locked} onChange={(offsetsMinutes) => change({ offsetsMinutes })} />
      <fieldset className={classes.group} disabled={locked}>
        <legend>{t('reminders.settings.channels')}</legend>
        {REMINDER_CHANNELS.map((channel) => (
          <Checkbox
            key={channel}
            label={t(`reminders.channels.${channel}`)}
            checked={typed.channels.includes(channel)}
            onChange={(event) => change({ channels: toggled(typed.channels, channel, event.currentTarget.checked) })}
          />
        ))}
        <Checkbox
          label={t('reminders.settings.smsConsent')}
          description={t('reminders.settings.smsConsentHint')}
          checked={typed.smsNeedsConsent}
          onChange={(event) => change({ smsNeedsConsent: event.currentTarget.checked })}
        />
        <NativeSelect
          label={t('reminders.settings.language')}
          data={REMINDER_LANGUAGES.map((value) => ({ value, label: t(`reminders.languages.${value}`) }))}
          value={typed.language}
          onChange={(event) => change({ language: event.currentTarget.value as ReminderSettings['language'] })}
        />
      </fieldset>
      <fieldset className={classes.group} disabled={locked}>
        <legend>{t('reminders.settings.quiet')}</legend>
        <Text className={classes.hint}>{t('reminders.settings.quietHint')}</Text>
        <div className={classes.row}>
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              type="time"
              label={t(`reminders.settings.${end}`)}
              value={typed.quietHours[end]}
              onChange={(event) => change({ quietHours: { ...typed.quietHours, [end]: event.currentTarget.value } })}
            />
          ))}
        </div>
      </fieldset>
      {words && (
        <Text role="alert" c="red">
          {words.title} {words.next}
        </Text>
      )}
      <SettingStale form={form} />
      {!locked && (
        <div>
          <Button type="submit" loading={form.isSaving} disabled={!isGood}>
            {t('reminders.settings.save')}
          </Button>
        </div>
      )}
      <Preview settings={typed} />
    </form>
  );
}

const toggled = (channels: readonly ReminderChannel[], channel: ReminderChannel, on: boolean): ReminderChannel[] =>
  REMINDER_CHANNELS.filter((each) => (each === channel ? on : channels.includes(each)));

function Offsets({
  offsets,
  locked,
  onChange,
}: {
  offsets: readonly number[];
  locked: boolean;
  onChange: (offsets: number[]) => void;
}) {
  const say = useSay();
  const { t } = say;
  const [amount, setAmount] = useState('1');
  const [unit, setUnit] = useState<Unit>('days');
  const minutes = Number(amount) * UNITS[unit];
  const next = [...offsets, minutes].toSorted((one, other) => other - one);
  const fits = ReminderSettings.shape.offsetsMinutes.safeParse(next).success;
  return (
    <fieldset className={classes.group} disabled={locked}>
      <legend>{t('reminders.settings.when')}</legend>
      {offsets.length === 0 && <Text>{t('reminders.settings.none')}</Text>}
      <ul className={classes.list}>
        {offsets
          .toSorted((one, other) => other - one)
          .map((offset) => (
            <li key={offset} className={classes.row}>
              <span>{beforeWords(offset, say)}</span>
              {!locked && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('reminders.settings.remove', { when: beforeWords(offset, say) })}
                  onClick={() => onChange(offsets.filter((each) => each !== offset))}
                >
                  <IconX size={16} aria-hidden />
                </ActionIcon>
              )}
            </li>
          ))}
      </ul>
      {!locked && offsets.length < MOST && (
        <div className={classes.row}>
          <TextInput
            type="number"
            label={t('reminders.settings.amount')}
            value={amount}
            min={1}
            max={336}
            w={130}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('reminders.settings.unit')}
            data={(Object.keys(UNITS) as Unit[]).map((value) => ({ value, label: t(`reminders.settings.units.${value}`) }))}
            value={unit}
            onChange={(event) => setUnit(event.currentTarget.value as Unit)}
          />
          <Button variant="default" disabled={!fits} onClick={() => onChange(next)}>
            {t('reminders.settings.add')}
          </Button>
        </div>
      )}
      <Text className={classes.hint}>{offsets.length < MOST ? t('reminders.settings.range') : t('reminders.settings.most')}</Text>
    </fieldset>
  );
}

/** A visit a week from now: what is said of it is what every patient is told. */
function Preview({ settings }: { settings: ReminderSettings }) {
  const { t, locale } = useSay();
  const { name, slug } = useTenant();
  const [startMs] = useState(() => Math.ceil((Date.now() + 7 * 86_400_000) / 3_600_000) * 3_600_000);
  const link = `${window.location.origin}/visit/${slug}#…`;
  const words = { clinic: name, startMs, timeZone: locale.timeZone, language: settings.language, link };
  const mail = reminderMail(words);
  return (
    <section className={classes.group}>
      <h2 className={classes.title}>{t('reminders.settings.preview')}</h2>
      {settings.channels.includes('mail') && (
        <>
          <Text>{t('reminders.channels.mail')}</Text>
          <pre className={classes.preview}>{`${mail.subject}\n\n${mail.text.trim()}`}</pre>
        </>
      )}
      {settings.channels.includes('sms') && (
        <>
          <Text>{t('reminders.channels.sms')}</Text>
          <pre className={classes.preview}>{reminderText(words)}</pre>
        </>
      )}
    </section>
  );
}

function SentLately() {
  const { t } = useSay();
  const sent = useClinicReminders();
  const pages = sent.data?.pages ?? [];
  const reminders = pages.flatMap((page) => page.reminders);
  const named = new Map(pages.flatMap(({ patients }) => Object.entries(patients)));
  return (
    <section className={classes.group}>
      <h2 className={classes.title}>{t('reminders.settings.sent')}</h2>
      {sent.isPending && <LoadingLines lines={4} label={t('common.loading', { what: t('reminders.title') })} />}
      {sent.isError && <ErrorState error={sent.error} onRetry={() => void sent.refetch()} />}
      {sent.data && reminders.length === 0 && !sent.hasNextPage && <Text c="dimmed">{t('reminders.settings.sentNone')}</Text>}
      {reminders.length > 0 && <ReminderTable reminders={reminders} named={named} />}
      {sent.hasNextPage && (
        <div>
          <Button variant="default" loading={sent.isFetchingNextPage} onClick={() => void sent.fetchNextPage()}>
            {t('reminders.settings.sentMore')}
          </Button>
        </div>
      )}
    </section>
  );
}
