import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import type { AccessLine } from './access-line.ts';
import classes from './access-log.module.css';

const ROLES = ['admin', 'physician', 'nurse', 'front-desk', 'biller', 'auditor', 'patient'] as const;

export function roleText(roles: readonly string[], { t }: Say): string {
  const known = roles.map((role) => ROLES.find((name) => name === role)).filter((role) => role !== undefined);
  return known.length > 0 ? known.map((role) => t(`accessLog.roles.${role}`)).join(', ') : t('accessLog.roles.none');
}

/** What was done, as a sentence without its subject. */
export function deedText(line: AccessLine, say: Say): string {
  const types = line.types.map((type) => say.word('types', type)).join(', ');
  const done = say.t(`accessLog.deeds.${line.deed}`, { types, count: line.written, person: line.person ?? '' });
  if (!line.roleChange) return done;
  return `${done}, ${say.t('accessLog.rolesNow', { roles: roleText(line.roleChange.split(', '), say) })}`;
}

/** A line for everything that was done: a table, a list of cards on a phone. `chartOf` where the lines are of many charts. */
export function AccessTable({
  lines,
  nameOf,
  chartOf,
}: {
  lines: readonly AccessLine[];
  nameOf: (line: AccessLine) => string;
  chartOf?: (patient: string) => { name: string; address: string };
}) {
  const say = useSay();
  const { t, locale } = say;
  return (
    <table className={`${tables.lines} ${classes.table}`}>
      <caption className="visually-hidden">{t('accessLog.caption', { count: lines.length })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('accessLog.when')}</th>
          <th scope="col">{t('accessLog.who')}</th>
          <th scope="col">{t('accessLog.what')}</th>
          {chartOf && <th scope="col">{t('accessLog.chart')}</th>}
          <th scope="col">{t('accessLog.reason')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const chart = line.patient && chartOf?.(line.patient);
          return (
            <tr key={line.id}>
              <td className={classes.when}>
                <time dateTime={line.at}>{formatMoment(line.at, locale)}</time>
              </td>
              <th scope="row" className={classes.who}>
                {nameOf(line)} <span className={classes.role}>{roleText(line.roles, say)}</span>
              </th>
              <td>
                {line.refused && <strong className={classes.refused}>{t('accessLog.refused')}</strong>} {deedText(line, say)}
              </td>
              {chartOf && (
                <td>
                  {chart && (
                    <Anchor component={Link} to={chart.address}>
                      {chart.name}
                    </Anchor>
                  )}
                </td>
              )}
              <td className={classes.reason}>
                <span className={classes.cardLabel}>{t('accessLog.reason')}: </span>
                {line.purpose ?? t('accessLog.reasonNotAsked')}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
