import { Alert, Button, NativeSelect, Progress, Radio, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import Papa from 'papaparse';
import { useState } from 'react';
import type { LikelySame } from '../../../../schemas/match.ts';
import { recordNumberSystem } from '../../../../schemas/record-number.ts';
import { identityText } from '../../../components/PatientLine.tsx';
import { errorWords, LoadingLines } from '../../../components/states.tsx';
import { useSay } from '../../../i18n/index.ts';
import type { Api } from '../../../lib/api.ts';
import {
  COLUMN_FIELDS,
  type ColumnField,
  type DateOrder,
  type Encoding,
  encodingOf,
  guessMapping,
  lineOf,
  type Mapping,
  possibleOrders,
  type ReadRow,
  type ReadTable,
  readTable,
} from '../../../lib/csv-patients.ts';
import { summarisePatient } from '../../../lib/patient-summary.ts';
import { useTenant } from '../../../lib/tenant.tsx';
import { dayIn } from '../../../lib/wall-clock.ts';
import { sourceUri } from './ImportPage.tsx';
import classes from './import.module.css';
import { keepMapping, keptMapping } from './kept-mapping.ts';

interface CsvImportProps {
  file: File;
  busy: boolean;
  onCancel: () => void;
  /** Hands over the patients as a file of the import. */
  onImport: (file: File, source: string) => void;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;
const PREVIEW_ROWS = 5;
const FAULTS_SHOWN = 100;

/** What is done with a row that looks like somebody. */
type Decision = 'skip' | 'create' | 'same';
interface Suspect {
  readonly row: ReadRow;
  /** Who is here already. */
  readonly likely: readonly LikelySame[];
}
interface DryRun {
  readonly table: ReadTable;
  readonly suspects: readonly Suspect[];
}

/** A table of patients: which column is what, a dry run, and a decision for each row that may be somebody we have. */
export function CsvImport({ file, busy, onCancel, onImport }: CsvImportProps) {
  const say = useSay();
  const { t, locale } = say;
  const { api, slug, owner } = useTenant();
  const bytes = useQuery({
    queryKey: ['csv', file.name, file.size, file.lastModified],
    queryFn: async () => new Uint8Array(await file.arrayBuffer()),
    gcTime: 0, // patients of a file are not kept once the screen is left
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [encoding, setEncoding] = useState<Encoding>();
  const [separator, setSeparator] = useState<string>();
  const [changed, setChanged] = useState<Mapping>();
  const [order, setOrder] = useState<DateOrder>();
  const [source, setSource] = useState('');
  const [decisions, setDecisions] = useState<Readonly<Record<number, Decision>>>({});
  const [checked, setChecked] = useState(0);

  const chosenEncoding = encoding ?? (bytes.data ? encodingOf(bytes.data) : 'utf-8');
  const parsed = bytes.data
    ? Papa.parse<string[]>(new TextDecoder(chosenEncoding).decode(bytes.data), {
        skipEmptyLines: 'greedy',
        ...(separator && { delimiter: separator }),
      })
    : undefined;
  const [headers = [], ...rows] = parsed?.data ?? [];
  const kept = headers.length > 0 ? keptMapping(owner, headers) : undefined;
  const mapping = changed ?? kept ?? guessMapping(headers);
  const dates = rows.map((cells) => cells[mapping.indexOf('birthDate')] ?? '');
  const orders = mapping.includes('birthDate') ? possibleOrders(dates) : (['ymd'] as const);
  const chosenOrder = order && orders.includes(order) ? order : orders.length === 1 ? orders[0] : undefined;
  const named = mapping.some((field) => field === 'fullName' || field === 'family' || field === 'given');

  const dryRun = useMutation({
    mutationFn: async (): Promise<DryRun> => {
      keepMapping(owner, headers, mapping);
      setChecked(0);
      const context = { slug, today: dayIn(Date.now(), locale.timeZone), order: chosenOrder ?? 'ymd' };
      const table = readTable(headers, rows, mapping, context);
      const suspects = await suspectsOf(api, table.rows, (count) => setChecked(count));
      return { table, suspects };
    },
    onSuccess: ({ suspects }) =>
      setDecisions(Object.fromEntries(suspects.map((suspect) => [suspect.row.row, firstDecision(suspect)]))),
  });
  const bring = useMutation({
    mutationFn: async ({ table, suspects }: DryRun) => {
      const of = new Map(suspects.map((suspect) => [suspect.row.row, suspect]));
      const uri = sourceUri(source);
      const lines: string[] = [];
      for (const row of table.rows) {
        const suspect = of.get(row.row);
        const decision = suspect ? (decisions[row.row] ?? 'skip') : 'create';
        if (decision === 'skip') continue;
        if (decision === 'same' && !(await linkNumber(api, slug, row, suspect))) continue;
        lines.push(await lineOf(row.patient, uri, { evenIfPresent: decision === 'create' && suspect !== undefined }));
      }
      return { file: new File([`${lines.join('\n')}\n`], `${file.name}.ndjson`), uri, count: lines.length };
    },
    onSuccess: (made) => made.count > 0 && onImport(made.file, made.uri),
  });
  const result = dryRun.data;
  const creating = result
    ? result.table.rows.length - result.suspects.filter(({ row }) => decisions[row.row] !== 'create').length
    : 0;
  const restart = () => dryRun.reset();

  if (bytes.isPending) return <LoadingLines lines={5} label={t('common.loading', { what: file.name })} />;
  return (
    <section className={classes.begin} aria-label={t('csv.title', { name: file.name })}>
      <h2 className={classes.heading}>{t('csv.title', { name: file.name })}</h2>
      {kept && !changed && <Text c="dimmed">{t('csv.asLastTime')}</Text>}
      <div className={classes.choices}>
        <NativeSelect
          label={t('csv.encoding')}
          value={chosenEncoding}
          onChange={(event) => {
            setEncoding(event.currentTarget.value as Encoding);
            restart();
          }}
          data={[
            { value: 'utf-8', label: 'Unicode (UTF-8)' },
            { value: 'windows-1252', label: 'Windows (1252)' },
          ]}
        />
        <NativeSelect
          label={t('csv.separator')}
          value={separator ?? parsed?.meta.delimiter ?? ','}
          onChange={(event) => {
            setSeparator(event.currentTarget.value);
            setChanged(undefined);
            restart();
          }}
          data={SEPARATORS.map((value) => ({ value, label: t(`csv.separators.${nameOfSeparator[value]}`) }))}
        />
        <NativeSelect
          label={t('csv.order')}
          description={orders.length > 1 ? t('csv.orderAmbiguous', { example: exampleOf(dates) }) : undefined}
          value={chosenOrder ?? ''}
          onChange={(event) => {
            setOrder(event.currentTarget.value as DateOrder);
            restart();
          }}
          data={[
            ...(chosenOrder ? [] : [{ value: '', label: t('newPatient.choose') }]),
            ...orders.map((value) => ({ value, label: t(`csv.orders.${value}`) })),
          ]}
        />
        <TextInput
          label={t('imports.source')}
          description={t('imports.sourceHint')}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
      </div>
      <h3 className={classes.heading}>{t('csv.columns')}</h3>
      <div className={classes.columns}>
        {headers.map((header, column) => (
          <NativeSelect
            // Columns have no other name than their place: two may have the same header.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            key={column}
            label={header || t('csv.unnamed', { number: column + 1 })}
            value={mapping[column] ?? ''}
            onChange={(event) => {
              const field = (event.currentTarget.value || undefined) as ColumnField | undefined;
              setChanged(mapping.map((old, at) => (at === column ? field : old === field ? undefined : old)));
              restart();
            }}
            data={[
              { value: '', label: t('csv.leaveOut') },
              ...COLUMN_FIELDS.map((value) => ({ value, label: t(`csv.fields.${value}`) })),
            ]}
          />
        ))}
      </div>
      <h3 className={classes.heading}>{t('csv.preview', { count: rows.length })}</h3>
      <div className={`${classes.scroll} ${classes.wide}`}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {headers.map((header, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a place in the file
                <Table.Th key={column}>{mapping[column] ? t(`csv.fields.${mapping[column]}`) : header}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, PREVIEW_ROWS).map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a place in the file
              <Table.Tr key={row}>
                {headers.map((_, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a place in the file
                  <Table.Td key={column}>{cells[column]}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {!named && <Text c="red">{t('csv.nameNeeded')}</Text>}
      {!result && (
        <div className={classes.buttons}>
          <Button
            disabled={!named || !chosenOrder || rows.length === 0}
            loading={dryRun.isPending}
            onClick={() => dryRun.mutate()}
          >
            {t('csv.dryRun')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('csv.cancel')}
          </Button>
        </div>
      )}
      {dryRun.isPending && (
        <div role="status" className={`${classes.uploading} ${classes.wide}`}>
          <Text>{t('csv.checking', { checked, count: rows.length })}</Text>
          <Progress
            value={(100 * checked) / Math.max(1, rows.length)}
            aria-label={t('csv.checking', { checked, count: rows.length })}
          />
        </div>
      )}
      {[dryRun.error, bring.error].map(
        (error) =>
          error && (
            <Alert key={error.message} color="red" variant="light" role="alert">
              {errorWords(error, say).title} {errorWords(error, say).next}
            </Alert>
          ),
      )}
      {result && (
        <>
          <div role="status">
            <Text fw={600}>
              {t('csv.result', { rows: rows.length, sound: result.table.rows.length, suspects: result.suspects.length })}
            </Text>
          </div>
          {result.table.faults.length > 0 && <Faults faults={result.table.faults} />}
          {result.suspects.length > 0 && (
            <Suspects
              suspects={result.suspects}
              decisions={decisions}
              onDecide={(row, decision) => setDecisions({ ...decisions, [row]: decision })}
            />
          )}
          <div className={classes.buttons}>
            <Button loading={busy || bring.isPending} onClick={() => bring.mutate(result)}>
              {creating > 0 ? t('csv.import', { count: creating }) : t('csv.finish')}
            </Button>
            <Button variant="default" onClick={onCancel}>
              {t('csv.cancel')}
            </Button>
          </div>
          {bring.data?.count === 0 && <Text role="status">{t('csv.nothing')}</Text>}
        </>
      )}
    </section>
  );
}

const nameOfSeparator = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const;
const exampleOf = (dates: readonly string[]): string => dates.find((date) => date.trim() !== '') ?? '';

/** Certain ones are the same person, probable ones are left out until somebody looks, the rest are other people. */
function firstDecision({ row, likely }: Suspect): Decision {
  const [best] = likely;
  if (!best) return row.twinOf === undefined ? 'create' : 'skip';
  return best.grade === 'certain' ? 'same' : best.grade === 'probable' ? 'skip' : 'create';
}

/** How many rows one request asks about. */
const ASKED_AT_ONCE = 20;

async function suspectsOf(api: Api, rows: readonly ReadRow[], tell: (count: number) => void): Promise<readonly Suspect[]> {
  const suspects: Suspect[] = [];
  for (let first = 0; first < rows.length; first += ASKED_AT_ONCE) {
    const some = rows.slice(first, first + ASKED_AT_ONCE);
    const found = await api.matchMany(some.map(({ patient }) => patient));
    for (const [index, row] of some.entries()) {
      const likely = found[index] ?? [];
      if (likely.length > 0 || row.twinOf !== undefined) suspects.push({ row, likely });
    }
    tell(first + some.length);
  }
  return suspects;
}

/**
 * The same person: their record learns the number that the file knows them by, so that the file's row counts as present. False when there is
 * nothing to learn and the row is simply left out. @throws ApiError 412 when somebody changed the record this moment
 */
async function linkNumber(api: Api, slug: string, { patient }: ReadRow, suspect: Suspect | undefined): Promise<boolean> {
  const [number] = patient.identifier ?? [];
  const same = suspect?.likely[0]?.patient;
  if (!number || !same) return false;
  const record = await api.read<typeof same>('Patient', same.id);
  const has = (record.identifier ?? []).some(({ system, value }) => system === number.system && value === number.value);
  if (has) return true;
  // A record has one number of the clinic's own: another one stays what it was, as an old number of the file's.
  const own = (record.identifier ?? []).some(({ system }) => system === recordNumberSystem(slug));
  const learned = own ? { ...number, use: 'secondary' as const } : number;
  await api.update({ ...record, identifier: [...(record.identifier ?? []), learned] }, crypto.randomUUID());
  return true;
}

function Faults({ faults }: { faults: ReadTable['faults'] }) {
  const { t } = useSay();
  const rows = new Set(faults.map(({ row }) => row)).size;
  return (
    <section className={`${classes.file} ${classes.wide}`} aria-label={t('csv.faultsTitle', { count: rows })}>
      <Text fw={600}>{t('csv.faultsTitle', { count: rows })}</Text>
      <div className={classes.scroll}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th ta="right">{t('csv.row')}</Table.Th>
              <Table.Th>{t('csv.column')}</Table.Th>
              <Table.Th>{t('csv.value')}</Table.Th>
              <Table.Th>{t('imports.reason')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {faults.slice(0, FAULTS_SHOWN).map(({ row, column, fault, value }) => (
              <Table.Tr key={`${row}-${column}-${fault}`}>
                <Table.Td ta="right">{row}</Table.Td>
                <Table.Td>{column}</Table.Td>
                <Table.Td>{value}</Table.Td>
                <Table.Td>{t(`csv.faults.${fault}`)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {faults.length > FAULTS_SHOWN && (
        <Text c="dimmed">{t('csv.faultsMore', { shown: FAULTS_SHOWN, count: faults.length })}</Text>
      )}
    </section>
  );
}

interface SuspectsProps {
  suspects: readonly Suspect[];
  decisions: Readonly<Record<number, Decision>>;
  onDecide: (row: number, decision: Decision) => void;
}

function Suspects({ suspects, decisions, onDecide }: SuspectsProps) {
  const say = useSay();
  const { t } = say;
  const line = (patient: ReadRow['patient']) => {
    const summary = summarisePatient(patient, Date.now(), say.locale.timeZone);
    return `${summary.name ?? t('patient.nameNotRecorded')}: ${identityText(summary, say)}`;
  };
  return (
    <section className={`${classes.file} ${classes.wide}`} aria-label={t('csv.suspectsTitle', { count: suspects.length })}>
      <Text fw={600}>{t('csv.suspectsTitle', { count: suspects.length })}</Text>
      {suspects.map(({ row, likely }) => (
        <div key={row.row} className={classes.card}>
          <Text>{t('csv.suspectRow', { row: row.row, person: line(row.patient) })}</Text>
          {row.twinOf !== undefined && <Text c="dimmed">{t('csv.twin', { row: row.twinOf })}</Text>}
          {likely.slice(0, 2).map(({ patient, grade, reasons }) => (
            <Text key={patient.id} c="dimmed">
              {t(`match.grades.${grade}`)}: {line(patient)} ({reasons.map((reason) => t(`match.reasons.${reason}`)).join(', ')})
            </Text>
          ))}
          <Radio.Group
            aria-label={t('csv.decide', { row: row.row })}
            value={decisions[row.row] ?? 'skip'}
            onChange={(value) => onDecide(row.row, value as Decision)}
          >
            <div className={classes.buttons}>
              {likely.length > 0 && <Radio value="same" label={t('csv.decisions.same')} />}
              <Radio value="skip" label={t('csv.decisions.skip')} />
              <Radio value="create" label={t('csv.decisions.create')} />
            </div>
          </Radio.Group>
        </div>
      ))}
    </section>
  );
}
