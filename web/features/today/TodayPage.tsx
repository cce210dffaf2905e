import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { FailedWork } from '../../../schemas/events.ts';
import type { KindChoice } from '../../../schemas/task-requests.ts';
import { dueOf } from '../../../schemas/tasks.ts';
import { PanelBoundary } from '../../components/PanelBoundary.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatMoment } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { countText, inboxQuery } from '../../lib/tasks.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { descriptionOf, isOverdue, titleOf } from '../inbox/task-words.ts';
import { useStaff } from '../staff/queries.ts';
import { BillingCard } from './BillingCard.tsx';
import { Card } from './Card.tsx';
import { type CardId, cardsFor, type TaskCardId } from './cards.ts';
import classes from './today.module.css';
import { VisitsCard } from './VisitsCard.tsx';

/** The first page of a clinic: what waits for whoever has come in, by their roles. */
export function TodayPage() {
  const { t } = useSay();
  const { roles, may, personName } = useTenant();
  usePageTitle(t('today.title'));
  const cards = cardsFor(roles, may);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('today.greeting', { name: personName })}</h1>
      <div className={classes.cards}>
        {cards.map((card) => (
          <PanelBoundary key={card} resetKey={card}>
            <OneCard card={card} />
          </PanelBoundary>
        ))}
      </div>
      {cards.length === 0 && <EmptyState title={t('today.nothing')} />}
    </div>
  );
}

function OneCard({ card }: { card: CardId }) {
  switch (card) {
    case 'clinic':
      return <ClinicCard />;
    case 'money':
      return <BillingCard />;
    case 'my-visits':
    case 'visits':
    case 'rooming':
      return <VisitsCard of={card} />;
    case 'inbox':
      return <TaskCard card="inbox" />;
    default:
      return <TaskCard card={card} kind={card} />;
  }
}

/** The five most urgent of a list, and how many there are in all: the same answer says both. */
function TaskCard({ card, kind }: { card: TaskCardId; kind?: KindChoice }) {
  const say = useSay();
  const { t, locale } = say;
  const { api, slug } = useTenant();
  const page = useQuery(inboxQuery(api, { list: 'todo', ...(kind && { kind }) }));
  const nowMs = Date.now();
  const isScans = card === 'file-document';
  const to = isScans ? addresses.documents(slug) : addresses.inbox(slug, kind ? { kind } : {});
  return (
    <Card
      title={t(`today.cards.${card}`)}
      to={to}
      toText={t(isScans ? 'today.board' : 'today.all')}
      count={page.data && countText(page.data.shown, t)}
    >
      {page.isPending && <LoadingLines lines={3} label={t('common.loading', { what: t(`today.cards.${card}`) })} />}
      {page.isLoadingError && <ErrorState error={page.error} onRetry={() => void page.refetch()} />}
      {page.data?.items.length === 0 && <Text c="dimmed">{t(`today.none.${card}`)}</Text>}
      <ul className={classes.lines}>
        {page.data?.items.slice(0, 5).map(({ task, patient }) => (
          <li key={task.id} className={`${classes.line} ${classes.task}`}>
            <Link to={to}>
              <strong>{titleOf(task, say)}</strong>
              <span>
                {patient
                  ? (summarisePatient(patient, nowMs, locale.timeZone).name ?? t('patient.nameNotRecorded'))
                  : descriptionOf(task, say)}
              </span>
            </Link>
            <span className={classes.quiet} data-overdue={isOverdue(task, nowMs) || undefined}>
              {isOverdue(task, nowMs)
                ? t('task.overdueSince', { when: formatMoment(dueOf(task), locale) ?? '' })
                : t('task.due', { when: formatMoment(dueOf(task), locale) ?? '' })}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Who works here, who is invited, what failed in the background. */
function ClinicCard() {
  const { t } = useSay();
  const { api, slug } = useTenant();
  const staff = useStaff();
  const failed = useQuery({
    queryKey: ['failed-work', slug],
    queryFn: ({ signal }) => api.get<{ work: readonly FailedWork[] }>('/failed-work', signal),
  });
  const error = staff.error ?? failed.error;
  const members = staff.data?.filter(({ state }) => state === 'active').length ?? 0;
  const invited = staff.data?.filter(({ state }) => state === 'invited').length ?? 0;
  const waiting = failed.data?.work.filter(({ state }) => state !== 'aside').length ?? 0;
  return (
    <Card title={t('today.cards.clinic')}>
      {error && <ErrorState error={error} onRetry={() => void Promise.all([staff.refetch(), failed.refetch()])} />}
      {!error && !(staff.data && failed.data) && (
        <LoadingLines lines={3} label={t('common.loading', { what: t('today.cards.clinic') })} />
      )}
      {staff.data && failed.data && (
        <ul className={classes.lines}>
          <li className={classes.line}>
            <Link to={addresses.settings(slug, 'staff')}>{t('today.staff', { count: members })}</Link>
          </li>
          <li className={classes.line}>
            <Link to={addresses.settings(slug, 'staff')}>{t('today.invitations', { count: invited })}</Link>
          </li>
          <li className={classes.line} data-overdue={waiting > 0 || undefined}>
            <Link to={addresses.settings(slug, 'failed-work')}>
              {waiting > 0 ? t('today.failedWork', { count: waiting }) : t('today.failedWorkNone')}
            </Link>
          </li>
        </ul>
      )}
      <Button component={Link} to={addresses.settings(slug)} variant="default" size="xs" mt="sm">
        {t('today.settings')}
      </Button>
    </Card>
  );
}
