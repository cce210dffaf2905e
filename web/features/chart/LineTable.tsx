import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { Link } from 'react-router';
import { StandingMark, StatusMark } from '../../components/marks.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { usePanel } from '../../lib/addresses.ts';
import { formatMoment, formatSpan } from '../../lib/dates.ts';
import type { SortBy } from './filter.ts';
import classes from './LineTable.module.css';
import type { Line } from './lines.ts';
import type { Section } from './sections.ts';

interface LineTableProps {
  section: Section;
  lines: readonly Line[];
  sort: SortBy;
  onSort: (sort: SortBy) => void;
}

function SortHead({
  label,
  up,
  down,
  sort,
  onSort,
}: {
  label: string;
  up: SortBy;
  down: SortBy;
  sort: SortBy;
  onSort: (sort: SortBy) => void;
}) {
  const direction = sort === up ? 'ascending' : sort === down ? 'descending' : undefined;
  return (
    <th scope="col" aria-sort={direction ?? 'none'}>
      <UnstyledButton
        className={classes.sort}
        onClick={() => onSort(sort === down ? up : sort === up ? down : up === 'name' ? 'name' : down)}
      >
        {label}
        {direction === 'ascending' && <IconArrowUp size={14} aria-hidden />}
        {direction === 'descending' && <IconArrowDown size={14} aria-hidden />}
      </UnstyledButton>
    </th>
  );
}

/** The records of a section: a table with 36 px rows, a list of cards on a phone. The name of each opens the record. */
export function LineTable({ section, lines, sort, onSort }: LineTableProps) {
  const { t, locale } = useSay();
  const { addressOf, panel } = usePanel();
  const ranged = section === 'labs' || section === 'vitals';
  const timed = section === 'visits' || section === 'vitals' || section === 'labs' || section === 'notes';
  return (
    <table className={`${tables.lines} ${classes.table}`}>
      <caption className="visually-hidden">
        {t('chart.tableCaption', { section: t(`sections.${section}`), count: lines.length })}
      </caption>
      <thead>
        <tr>
          <SortHead label={t(`columns.${section}`)} up="name" down="name-down" sort={sort} onSort={onSort} />
          <th scope="col">{t(`valueColumns.${section}`)}</th>
          {ranged && <th scope="col">{t('columns.range')}</th>}
          <SortHead label={t('columns.date')} up="oldest" down="newest" sort={sort} onSort={onSort} />
          <th scope="col">{t('columns.status')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const open = panel?.kind === 'record' && panel.id === line.id;
          return (
            <tr
              key={`${line.type}/${line.id}`}
              className={open ? classes.open : undefined}
              data-withdrawn={line.status.trust === 'entered-in-error' || undefined}
            >
              <th scope="row" className={classes.title}>
                <Link to={addressOf({ kind: 'record', type: line.type, id: line.id })} preventScrollReset>
                  {line.title}
                </Link>
              </th>
              <td>
                <span className={classes.value}>{line.value}</span> <StandingMark standing={line.standing} />
                {line.detail && <span className={classes.detail}>{line.detail}</span>}
              </td>
              {ranged && <td className={classes.quiet}>{line.range ?? t('common.notRecorded')}</td>}
              <td className={classes.date}>
                {(timed ? formatMoment(line.when, locale) : formatSpan(line.when, line.until, locale)) ?? t('common.notRecorded')}
              </td>
              <td>
                <StatusMark status={line.status} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
