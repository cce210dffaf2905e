import { ActionIcon, Button, Checkbox, Menu } from '@mantine/core';
import { IconAlertTriangle, IconDots } from '@tabler/icons-react';
import type { Task } from 'fhir/r4';
import { Link } from 'react-router';
import type { InboxItem, TaskChange } from '../../../schemas/task-requests.ts';
import { dueOf, escalationOf, isOpen, latestNote, ownerKeyOf, snoozedUntil } from '../../../schemas/tasks.ts';
import { ageText } from '../../components/PatientLine.tsx';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatDay, formatMoment } from '../../lib/dates.ts';
import { summarisePatient } from '../../lib/patient-summary.ts';
import { useOwnerName } from '../../lib/tasks.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './inbox.module.css';
import { SNOOZES, snoozeUntil } from './snooze-times.ts';
import { completeText, descriptionOf, isOverdue, openText, placeOf, textOf, titleOf, waitingText } from './task-words.ts';

export interface RowActions {
  readonly change: (change: TaskChange) => void;
  readonly handOver: () => void;
  readonly cancel: () => void;
}
interface TaskRowProps extends RowActions {
  readonly item: InboxItem;
  readonly focused: boolean;
  readonly marked: boolean;
  readonly onMark: (marked: boolean) => void;
  readonly onFocus: () => void;
}

/** One task, one decision: what, about whom, how old, until when, and the button that does it. */
export function TaskRow({ item: { task, patient, about }, focused, marked, onMark, onFocus, ...actions }: TaskRowProps) {
  const say = useSay();
  const { t, locale } = say;
  const { slug } = useTenant();
  const nowMs = Date.now();
  const summary = patient && summarisePatient(patient, nowMs, locale.timeZone);
  const title = titleOf(task, say);
  const description = descriptionOf(task, say);
  const note = latestNote(task);
  const noteText = textOf(note, note?.text ?? '', say);
  const escalation = isOpen(task) ? escalationOf(task) : undefined;
  return (
    <li
      className={classes.row}
      data-task={task.id}
      data-focused={focused || undefined}
      data-overdue={(isOpen(task) && isOverdue(task, nowMs)) || undefined}
      onFocus={onFocus}
    >
      <Checkbox
        className={classes.mark}
        checked={marked}
        onChange={(event) => onMark(event.currentTarget.checked)}
        aria-label={t('task.select', { what: [title, summary?.name].filter(Boolean).join(', ') })}
        size="sm"
      />
      <div className={classes.what}>
        <span className={classes.kind}>
          {title}
          {(task.priority === 'stat' || task.priority === 'asap' || task.priority === 'urgent') && (
            <span className={classes.priority} data-priority={task.priority}>
              {t(`task.priorities.${task.priority}`)}
            </span>
          )}
        </span>
        {about && <span className={classes.description}>{about}</span>}
        {description && <span className={classes.description}>{description}</span>}
        {note && (
          <span className={classes.quiet}>
            {note.authorReference?.display
              ? t('task.note', { who: note.authorReference.display, text: noteText })
              : t('task.noteAlone', { text: noteText })}
          </span>
        )}
        {task.status === 'cancelled' && task.statusReason?.text && (
          <span className={classes.quiet}>{t('task.cancelled', { reason: task.statusReason.text })}</span>
        )}
      </div>
      <div className={classes.whom}>
        {summary ? (
          <>
            <Link to={addresses.chart(slug, summary.id)} className={classes.name} tabIndex={-1}>
              {summary.name ?? t('patient.nameNotRecorded')}
            </Link>
            <span className={classes.quiet}>
              {[ageText(summary, say), formatDay(summary.birthDate, locale)].filter(Boolean).join(' · ')}
            </span>
          </>
        ) : (
          <span className={classes.quiet}>{t('task.noPatient')}</span>
        )}
      </div>
      <div className={classes.when}>
        <When task={task} nowMs={nowMs} say={say} />
        <Owner task={task} />
        {escalation && (
          <span className={classes.escalated}>
            <IconAlertTriangle size={14} aria-hidden /> {t(`task.escalated.${escalation}`)}
          </span>
        )}
      </div>
      <Actions task={task} title={title} patient={summary?.id} focused={focused} say={say} {...actions} />
    </li>
  );
}

function When({ task, nowMs, say: { t, locale }, say }: { task: Task; nowMs: number; say: Say }) {
  const due = dueOf(task);
  const moment = (instant: string | undefined) => formatMoment(instant, locale) ?? '';
  if (!isOpen(task)) return <span>{t('task.closed', { when: moment(task.executionPeriod?.end ?? task.lastModified) })}</span>;
  const snooze = snoozedUntil(task);
  const waiting = waitingText(task, nowMs, say);
  return (
    <>
      <span className={classes.due} data-overdue={isOverdue(task, nowMs) || undefined}>
        {!due
          ? t('task.noDue')
          : isOverdue(task, nowMs)
            ? t('task.overdueSince', { when: moment(due) })
            : t('task.due', { when: moment(due) })}
      </span>
      <span className={classes.quiet}>
        {[
          waiting && t('task.waiting', { age: waiting }),
          snooze && Date.parse(snooze) > nowMs && t('task.snoozedUntil', { when: moment(snooze) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}

function Owner({ task }: { task: Task }) {
  const { t } = useSay();
  const nameOf = useOwnerName();
  const who = nameOf(task) ?? (ownerKeyOf(task.owner) ? '…' : undefined);
  return <span className={classes.quiet}>{who ? t('task.owner', { who }) : t('task.nobody')}</span>;
}

interface ActionsProps extends RowActions {
  readonly task: Task;
  readonly title: string;
  readonly patient: string | undefined;
  readonly focused: boolean;
  readonly say: Say;
}

function Actions({ task, title, patient, focused, say, change, handOver, cancel }: ActionsProps) {
  const { t, locale } = say;
  const { slug, me, owner } = useTenant();
  const place = placeOf(task, slug, patient);
  const complete = completeText(task, say);
  if (!isOpen(task)) {
    return (
      <div className={classes.actions}>
        <Button size="xs" variant="default" onClick={() => change({ do: 'reopen' })}>
          {t('task.reopen')}
        </Button>
      </div>
    );
  }
  const key = ownerKeyOf(task.owner);
  const isMine = key !== undefined && (key === me?.reference || key === `staff/${owner.user}`);
  const snooze = snoozedUntil(task);
  const isAsleep = snooze !== undefined && Date.parse(snooze) > Date.now();
  // What E does: the one decision of this task.
  const decisive = focused ? { 'data-edit': true } : {};
  return (
    <div className={classes.actions}>
      {place && (
        <Button component={Link} to={place} size="xs" variant={complete ? 'default' : 'filled'} {...(complete ? {} : decisive)}>
          {openText(task, say)}
        </Button>
      )}
      {complete && (
        <Button size="xs" onClick={() => change({ do: 'complete' })} {...decisive}>
          {complete}
        </Button>
      )}
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t('task.actions', { what: title })} data-more>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!isMine && <Menu.Item onClick={() => change({ do: 'take' })}>{t('task.take')}</Menu.Item>}
          <Menu.Item onClick={handOver}>{t('task.handOver')}</Menu.Item>
          {isAsleep ? (
            <Menu.Item onClick={() => change({ do: 'wake' })}>{t('task.wake')}</Menu.Item>
          ) : (
            <>
              <Menu.Label>{t('task.snooze')}</Menu.Label>
              {SNOOZES.map((preset) => (
                <Menu.Item
                  key={preset}
                  onClick={() => change({ do: 'snooze', until: snoozeUntil(preset, Date.now(), locale.timeZone) })}
                >
                  {t(`task.snoozeFor.${preset}`)}
                </Menu.Item>
              ))}
            </>
          )}
          <Menu.Divider />
          <Menu.Item onClick={cancel}>{t('task.cancel')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
