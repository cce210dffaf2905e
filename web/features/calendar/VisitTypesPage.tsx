import { Button, Checkbox, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { HealthcareService, Questionnaire } from 'fhir/r4';
import { useState } from 'react';
import {
  minutesExtension,
  ONLINE_BOOKABLE,
  START_STEP,
  START_STEPS,
  startStep,
  VISIT_LENGTH,
  VISIT_TYPE,
} from '../../../schemas/scheduling.ts';
import { noteTemplateOf, VISIT_NOTE_TEMPLATE } from '../../../schemas/visit.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { isKept, type Kept } from '../../lib/api.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './calendar.module.css';
import { calendarKeys, planQuery, type VisitType } from './queries.ts';

const [SHORTEST, LONGEST] = [5, 480];

/** What can be booked, how long it takes, and whether patients may book it themselves. */
export function VisitTypesPage() {
  const say = useSay();
  const { t } = say;
  const { api } = useTenant();
  const plan = useQuery(planQuery(api));
  const [edited, setEdited] = useState<VisitType | 'new'>();
  usePageTitle(t('calendar.settings.visitTypes'));
  return (
    <div className={classes.settings}>
      <div className={classes.cardHead}>
        <div>
          <h1>{t('calendar.settings.visitTypes')}</h1>
          <Text c="dimmed">{t('calendar.settings.visitTypesIntro')}</Text>
        </div>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited('new')}>
          {t('calendar.settings.addType')}
        </Button>
      </div>
      {plan.isPending && (
        <LoadingLines lines={6} height={56} label={t('common.loading', { what: t('calendar.settings.visitTypes') })} />
      )}
      {plan.isLoadingError && <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />}
      <div className={classes.cards}>
        {plan.data?.allVisitTypes.map((type) => (
          <article key={type.reference} className={classes.card} aria-label={type.name}>
            <div className={classes.cardHead}>
              <h3>{type.name}</h3>
              <Button
                variant="subtle"
                size="compact-md"
                aria-label={t('calendar.settings.editFor', { name: type.name })}
                onClick={() => setEdited(type)}
              >
                {t('calendar.settings.edit')}
              </Button>
            </div>
            <p className={classes.hoursText}>
              {[
                type.minutes !== undefined && t('calendar.minutes', { count: type.minutes }),
                stepWords(type.service, say),
                isOnline(type.service) && t('calendar.settings.online'),
                type.service.active === false && t('calendar.settings.inactive'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </article>
        ))}
      </div>
      {edited && <TypeDialog type={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </div>
  );
}

const stepWords = (service: HealthcareService, { t }: Say): string | undefined => {
  const step = startStep(service);
  return step && t('calendar.settings.every', { count: step });
};
const isOnline = ({ extension }: HealthcareService): boolean =>
  extension?.find(({ url }) => url === ONLINE_BOOKABLE)?.valueBoolean === true;

/** "Long visit" -> "long-visit" */
const codeOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'visit';

function TypeDialog({ type, onClose }: { type: VisitType | undefined; onClose: () => void }) {
  const say = useSay();
  const { t } = say;
  const { api, may } = useTenant();
  const queries = useQueryClient();
  const [name, setName] = useState(type?.name ?? '');
  const [minutes, setMinutes] = useState(String(type?.minutes ?? 20));
  const [step, setStep] = useState(String((type && startStep(type.service)) ?? ''));
  const [online, setOnline] = useState(type ? isOnline(type.service) : false);
  const [active, setActive] = useState(type?.service.active !== false);
  const [note, setNote] = useState((type && noteTemplateOf(type.service)) ?? '');
  const templates = useQuery({
    queryKey: [api.tenant, 'note-templates'],
    queryFn: ({ signal }) => api.get<{ templates: readonly Questionnaire[] }>('/note-templates', signal),
    enabled: may('Questionnaire', 'search'),
  });
  const notes = templates.data?.templates.filter(({ status }) => status === 'active') ?? [];
  const [fault, setFault] = useState<string>();
  const attempt = useAttempt();
  const write = useMutation({
    mutationFn: (service: HealthcareService | Kept<HealthcareService>) =>
      isKept(service) ? api.update(service, attempt(service)) : api.create(service, attempt(service)),
    onSuccess: () => {
      tellDone(say, t('calendar.settings.typeSaved'));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: calendarKeys.all(api) }),
  });
  const save = () => {
    const length = Number(minutes);
    const sound = name.trim().length > 0 && Number.isInteger(length) && length >= SHORTEST && length <= LONGEST;
    setFault(sound ? undefined : t('calendar.settings.invalidType'));
    if (!sound) return;
    const asked = [VISIT_LENGTH, START_STEP, ONLINE_BOOKABLE, VISIT_NOTE_TEMPLATE];
    const others = type?.service.extension?.filter(({ url }) => !asked.includes(url)) ?? [];
    const kind = type?.service.type?.[0] ?? { coding: [{ system: VISIT_TYPE, code: codeOf(name) }] };
    write.mutate({
      ...(type?.service ?? { resourceType: 'HealthcareService' }),
      extension: [
        ...others,
        minutesExtension(VISIT_LENGTH, length),
        ...(step ? [minutesExtension(START_STEP, Number(step))] : []),
        ...(online ? [{ url: ONLINE_BOOKABLE, valueBoolean: true }] : []),
        ...(note ? [{ url: VISIT_NOTE_TEMPLATE, valueUri: note }] : []),
      ],
      active,
      type: [{ ...kind, text: name.trim() }],
      name: name.trim(),
    });
  };
  return (
    <Dialog onClose={onClose} title={type?.name ?? t('calendar.settings.addType')}>
      <form
        className={classes.stack}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          label={t('calendar.settings.name')}
          value={name}
          maxLength={80}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          type="number"
          label={t('calendar.settings.length')}
          value={minutes}
          min={SHORTEST}
          max={LONGEST}
          step={5}
          onChange={(event) => setMinutes(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('calendar.settings.begins')}
          description={t('calendar.settings.beginsHint')}
          value={step}
          data={[
            { value: '', label: t('calendar.settings.beginsAny') },
            ...START_STEPS.map((minutes) => ({
              value: String(minutes),
              label: t('calendar.settings.every', { count: minutes }),
            })),
          ]}
          onChange={(event) => setStep(event.currentTarget.value)}
        />
        {may('Questionnaire', 'search') && (
          <NativeSelect
            label={t('calendar.settings.note')}
            value={note}
            disabled={templates.isPending}
            data={[
              { value: '', label: t('calendar.settings.noteAny') },
              ...notes.map(({ url = '', title = url }) => ({ value: url, label: title })),
            ]}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        )}
        <Checkbox
          label={t('calendar.settings.online')}
          checked={online}
          onChange={(event) => setOnline(event.currentTarget.checked)}
        />
        <Checkbox
          label={t('calendar.settings.active')}
          checked={active}
          onChange={(event) => setActive(event.currentTarget.checked)}
        />
        {fault && (
          <Text c="red" role="alert">
            {fault}
          </Text>
        )}
        {write.error && <SaveError error={write.error} />}
        <Button type="submit" loading={write.isPending}>
          {t('calendar.settings.save')}
        </Button>
      </form>
    </Dialog>
  );
}
