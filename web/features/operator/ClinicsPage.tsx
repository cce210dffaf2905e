import { Button, Table, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ListedClinic } from '../../../schemas/operator.ts';
import { LEDGER_LINES } from '../../../schemas/usage.ts';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import tables from '../../components/table.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { ChangeStateDialog } from './ChangeStateDialog.tsx';
import classes from './operator.module.css';
import { useClinics } from './queries.ts';

/** Every clinic of the installation: who they are, whether they may work, and the two buttons that change it. */
export function ClinicsPage() {
  const say = useSay();
  const { t } = say;
  const clinics = useClinics();
  const [text, setText] = useState('');
  const [changing, setChanging] = useState<ListedClinic>();
  const all = clinics.data?.pages.flatMap((page) => page.clinics) ?? [];
  const shown = all.filter((clinic) => matches(clinic, text));

  usePageTitle(t('operator.clinics.title'));

  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{t('operator.clinics.title')}</h1>
      <Text c="dimmed">{t('operator.clinics.intro')}</Text>
      {clinics.isPending && (
        <LoadingLines lines={6} height={36} label={t('common.loading', { what: t('operator.clinics.title') })} />
      )}
      {clinics.isError && <ErrorState error={clinics.error} onRetry={() => void clinics.refetch()} />}
      {clinics.data && all.length === 0 && (
        <EmptyState title={t('operator.clinics.none')}>
          <Text c="dimmed">{t('operator.clinics.noneNext')}</Text>
        </EmptyState>
      )}
      {all.length > 0 && (
        <>
          <div className={classes.bar}>
            <TextInput
              className={classes.filter}
              label={t('operator.clinics.filter')}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Text c="dimmed" role="status">
              {clinics.hasNextPage
                ? t('operator.clinics.countMore', { count: all.length })
                : t('operator.clinics.count', { count: shown.length })}
            </Text>
          </div>
          {shown.length === 0 ? (
            <EmptyState title={t('operator.clinics.noMatch', { text })} />
          ) : (
            <ClinicTable clinics={shown} say={say} onChange={setChanging} />
          )}
          {clinics.hasNextPage && (
            <Button variant="default" mt="md" loading={clinics.isFetchingNextPage} onClick={() => void clinics.fetchNextPage()}>
              {t('operator.clinics.more')}
            </Button>
          )}
        </>
      )}
      {changing && <ChangeStateDialog clinic={changing} onClose={() => setChanging(undefined)} />}
    </div>
  );
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const matches = ({ name, slug }: ListedClinic, text: string): boolean => folded(`${name} ${slug}`).includes(folded(text.trim()));

/** A table on a wide screen, a list of cards on a phone: each cell says its own column there. */
function ClinicTable({
  clinics,
  say,
  onChange,
}: {
  clinics: readonly ListedClinic[];
  say: Say;
  onChange: (clinic: ListedClinic) => void;
}) {
  const { t, locale, language } = say;
  const number = (value: number): string => new Intl.NumberFormat(locale.tag).format(value);
  const heads = {
    name: t('operator.clinics.name'),
    address: t('operator.clinics.address'),
    country: t('operator.clinics.country'),
    staff: t('operator.clinics.staff'),
    patients: t('operator.clinics.patients'),
    month: t('operator.clinics.month'),
    created: t('operator.clinics.created'),
    state: t('operator.clinics.state'),
  };
  return (
    <Table className={tables.cards} highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {Object.entries(heads).map(([column, head]) => (
            <Table.Th key={column} scope="col">
              {head}
            </Table.Th>
          ))}
          <Table.Th scope="col">
            <span className="visually-hidden">{t('palette.actions')}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {clinics.map((clinic) => (
          <Table.Tr key={clinic.slug}>
            <Table.Th scope="row" className={classes.name}>
              <Link to={`/operator/plans/${clinic.slug}`}>{clinic.name}</Link>
            </Table.Th>
            <Table.Td data-column={heads.address}>{clinic.slug}</Table.Td>
            <Table.Td data-column={heads.country}>{placeOf(clinic, language) ?? t('common.notRecorded')}</Table.Td>
            <Table.Td data-column={heads.staff}>{number(clinic.staff)}</Table.Td>
            <Table.Td data-column={heads.patients}>{number(clinic.patients)}</Table.Td>
            <Table.Td data-column={heads.month}>{usageWords(clinic.usage, say)}</Table.Td>
            <Table.Td data-column={heads.created}>{formatDay(clinic.created, locale) ?? t('common.notRecorded')}</Table.Td>
            <Table.Td data-column={heads.state}>
              <State clinic={clinic} say={say} />
            </Table.Td>
            <Table.Td className={classes.actions}>
              <Button
                size="xs"
                variant="default"
                aria-label={t(clinic.status === 'active' ? 'operator.clinics.suspendNamed' : 'operator.clinics.reactivateNamed', {
                  name: clinic.name,
                })}
                onClick={() => onChange(clinic)}
              >
                {t(clinic.status === 'active' ? 'operator.clinics.suspend' : 'operator.clinics.reactivate')}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** "United States, America/Chicago": what is known of the two. */
function placeOf({ country, timeZone }: ListedClinic, language: string): string | undefined {
  const name = country && (new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(country) ?? country);
  return [name, timeZone].filter(Boolean).join(', ') || undefined;
}

/** Without the months of last visits, which say something only in sum. */
const SHOWN_LINES = LEDGER_LINES.filter((line) => line !== 'patientsLastSeen');

/** "3 new patients, 12 visits": the lines of the ledger in which something has been counted. */
function usageWords(usage: ListedClinic['usage'], { t }: Say): string {
  const lines = SHOWN_LINES.filter((line) => usage[line] > 0).map((line) =>
    t(`operator.clinics.used.${line}`, { count: usage[line] }),
  );
  return lines.join(', ') || t('operator.clinics.unused');
}

function State({ clinic, say }: { clinic: ListedClinic; say: Say }) {
  const { t, locale } = say;
  const { status, reason, since } = clinic;
  return (
    <>
      <span className={status === 'suspended' ? classes.suspended : undefined}>{t(`operator.clinics.states.${status}`)}</span>
      {status === 'suspended' && (
        <Text component="span" c="dimmed" className={classes.why}>
          {t('operator.clinics.stateSince', { date: formatDay(since, locale) ?? '', reason: reason ?? '' })}
        </Text>
      )}
    </>
  );
}
