import { Table, Text } from '@mantine/core';
import type { CountedReport } from '../../../schemas/reports.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { useSay } from '../../i18n/index.ts';
import { formatMoment } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import classes from './operator.module.css';
import { useReports } from './queries.ts';

/** "TypeError, Chart-C7NZNFeL.js:1:204": the way into the source map. */
const faultText = ({ report: { error, kind, frames } }: CountedReport): string =>
  [
    kind === 'other' ? error : `${error} (${kind})`,
    ...frames.slice(0, 2).map(({ file, line, column }) => `${file}:${line}:${column}`),
  ].join(', ');

/** The faults that people met and reported. */
export function ReportsPage() {
  const { t, locale } = useSay();
  const reports = useReports();
  const found = reports.data?.reports ?? [];
  usePageTitle(t('reports.title'));
  const heads = [
    t('reports.count'),
    t('reports.fault'),
    t('reports.where'),
    t('reports.version'),
    t('reports.last'),
    t('reports.first'),
  ];
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('reports.title')}</h1>
      <Text c="dimmed">{t('reports.intro')}</Text>
      {reports.isPending && <LoadingLines lines={4} height={36} label={t('common.loading', { what: t('reports.title') })} />}
      {reports.isLoadingError && <ErrorState error={reports.error} onRetry={() => void reports.refetch()} />}
      {reports.data && found.length === 0 && <EmptyState title={t('reports.none')} />}
      {found.length > 0 && (
        <Table className={tables.cards}>
          <Table.Thead>
            <Table.Tr>
              {heads.map((head) => (
                <Table.Th key={head} scope="col">
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((counted) => (
              <Table.Tr key={counted.id}>
                <Table.Td data-column={t('reports.count')}>{new Intl.NumberFormat(locale.tag).format(counted.count)}</Table.Td>
                <Table.Th scope="row" className={classes.name}>
                  {faultText(counted)}
                </Table.Th>
                <Table.Td data-column={t('reports.where')}>
                  {counted.report.route}
                  <Text component="span" c="dimmed" className={classes.why}>
                    {t(`reports.places.${counted.report.place}`)},{' '}
                    {t('reports.on', { browser: counted.report.browser, language: counted.report.language })}
                  </Text>
                </Table.Td>
                <Table.Td data-column={t('reports.version')}>{counted.report.version}</Table.Td>
                <Table.Td data-column={t('reports.last')}>{formatMoment(counted.last, locale)}</Table.Td>
                <Table.Td data-column={t('reports.first')}>{formatMoment(counted.first, locale)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
