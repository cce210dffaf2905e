import { Anchor, Table } from '@mantine/core';
import type { Communication } from 'fhir/r4';
import { Link } from 'react-router';
import { reasonOf, reminderOf, stateOf } from '../../../schemas/reminders.ts';
import { type Say, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatMoment } from '../../lib/dates.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './reminders.module.css';

/** What became of a reminder, in words: its state, why, and what the patient answered. */
export function reminderWords(communication: Communication, { t, locale }: Say): { text: string; needsLook: boolean } {
  const state = stateOf(communication, Date.now());
  const reason = reasonOf(communication);
  const reminder = reminderOf(communication);
  const answered = reminder?.answered ? formatMoment(reminder.answered, locale) : undefined;
  const parts = [
    state === 'no-word' ? t(`reminders.noWord.${reminder?.channel ?? 'sms'}`) : t(`reminders.states.${state}`),
    ...(reason ? [t(`reminders.reasons.${reason}`)] : []),
    ...(reminder?.answer ? [`${t(`reminders.answers.${reminder.answer}`)}${answered ? `, ${answered}` : ''}`] : []),
  ];
  return { text: parts.join(' · '), needsLook: state === 'failed' || state === 'in-doubt' };
}

/** Reminders, the newest first. */
export function ReminderTable({
  reminders,
  named,
}: {
  reminders: readonly Communication[];
  named?: ReadonlyMap<string, string>;
}) {
  const say = useSay();
  const { t, locale } = say;
  const { slug } = useTenant();
  return (
    <div className={classes.wide}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('reminders.columns.visit')}</Table.Th>
            {named && <Table.Th>{t('reminders.columns.patient')}</Table.Th>}
            <Table.Th>{t('reminders.columns.channel')}</Table.Th>
            <Table.Th>{t('reminders.columns.when')}</Table.Th>
            <Table.Th>{t('reminders.columns.state')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {reminders.map((each) => {
            const reminder = reminderOf(each);
            const { text, needsLook } = reminderWords(each, say);
            const patient = each.subject?.reference?.replace('Patient/', '') ?? '';
            return (
              <Table.Tr key={each.id}>
                <Table.Td>{formatMoment(reminder?.start, locale)}</Table.Td>
                {named && (
                  <Table.Td>
                    <Anchor component={Link} to={addresses.reminders(slug, patient)}>
                      {named.get(patient) ?? t('patient.nameNotRecorded')}
                    </Anchor>
                  </Table.Td>
                )}
                <Table.Td>{reminder && t(`reminders.channels.${reminder.channel}`)}</Table.Td>
                <Table.Td>{formatMoment(each.sent ?? each.meta?.lastUpdated, locale)}</Table.Td>
                <Table.Td className={needsLook ? classes.attention : undefined}>{text}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}
