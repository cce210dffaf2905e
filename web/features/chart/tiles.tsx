import type { FhirResource, Observation } from 'fhir/r4';
import { Link } from 'react-router';
import { StandingMark, StatusMark } from '../../components/marks.tsx';
import { Sparkline } from '../../components/Sparkline.tsx';
import { useSay } from '../../i18n/index.ts';
import { usePanel } from '../../lib/addresses.ts';
import { formatDay, formatMoment, formatSpan, newestFirst } from '../../lib/dates.ts';
import { judgedRange } from '../../lib/judged-range.ts';
import { useNamedMedications } from '../../lib/named-medications.ts';
import { quantityText } from '../../lib/quantity.ts';
import { statusOf } from '../../lib/status.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { observedAt, type Series, seriesOf, standingOfObservation } from '../../lib/vital-signs.ts';
import { byDate, byRelevance, type Line, lineOf, observationValue, withoutRepeats } from './lines.ts';
import type { Section } from './sections.ts';
import classes from './Tile.module.css';

const SPARKS = 12; // values a sparkline can show
const FIVE = 5; // lines that matter
/** How a visit, a vaccination or a procedure normally ends: not worth a word in a tile. */
const EXPECTED = new Set(['finished', 'completed', 'final']);

/** Vital signs in the order in which they are read out at a bedside; others follow as they come. LOINC. */
const BEDSIDE = ['85354-9', '8867-4', '9279-1', '8310-5', '2708-6', '59408-5', '29463-7', '8302-2', '39156-5'];

interface TileProps {
  resources: readonly FhirResource[];
  adult: boolean;
  /** The section's page; `code` leads to one kind of measurement there. */
  address: string;
}

function TileLine({ line, times }: { line: Line; times: number }) {
  const { t, locale } = useSay();
  const { addressOf } = usePanel();
  const withdrawn = line.status.trust === 'entered-in-error';
  return (
    <li>
      <Link to={addressOf({ kind: 'record', type: line.type, id: line.id })} className={classes.line} preventScrollReset>
        <span className={withdrawn ? `${classes.main} ${classes.struck}` : classes.main} title={line.title}>
          {line.title}
          {times > 1 && <span className={classes.times}> {t('chart.times', { count: times })}</span>}
        </span>
        <span className={classes.side}>
          <StatusMark status={line.status} quiet={line.status.current || EXPECTED.has(line.status.code ?? '')} />{' '}
          {line.type === 'Encounter' || line.type === 'Appointment'
            ? formatMoment(line.when, locale)
            : formatSpan(line.when, line.until, locale)}
        </span>
        {(line.value ?? line.detail) && (
          <span className={classes.under} title={line.value ?? line.detail}>
            {line.value ?? line.detail}
          </span>
        )}
      </Link>
    </li>
  );
}

/** A record entered in error is not one of the five lines that matter; the section's page still shows it, struck through. */
const standing = (lines: readonly Line[]): readonly Line[] => lines.filter((line) => line.status.trust !== 'entered-in-error');

/** The way to what the five lines leave out: active ones and past ones apart. */
function More({ lines, address }: { lines: readonly Line[]; address: string }) {
  const { t } = useSay();
  const hidden = lines.slice(FIVE);
  const active = hidden.filter((line) => line.status.current).length;
  const past = hidden.length - active;
  return (
    <>
      {active > 0 && (
        <Link to={`${address}?status=current`} className={classes.more}>
          {t('chart.moreActive', { count: active })}
        </Link>
      )}
      {past > 0 && (
        <Link to={`${address}?status=past`} className={classes.more}>
          {t(past < lines.filter((line) => !line.status.current).length ? 'chart.morePast' : 'chart.pastCount', { count: past })}
        </Link>
      )}
    </>
  );
}

function LinesTile({ resources, address }: TileProps) {
  const say = useSay();
  const lines = withoutRepeats(standing(resources.map((resource) => lineOf(resource, say)))).toSorted(byRelevance);
  return (
    <>
      <ul className={classes.list}>
        {lines.slice(0, FIVE).map((line) => (
          <TileLine key={line.id} line={line} times={line.times} />
        ))}
      </ul>
      <More lines={lines} address={address} />
    </>
  );
}

function MedicationsTile({ resources, address }: TileProps) {
  const say = useSay();
  const { api } = useTenant();
  const named = useNamedMedications(api, resources);
  const lines = withoutRepeats(standing(named.map((resource) => lineOf(resource, say))));
  const active = lines.filter((line) => line.status.current);
  const past = lines.filter((line) => !line.status.current);
  const shownPast = past.slice(0, Math.max(0, FIVE - active.length));
  return (
    <>
      <div className={classes.groupHead}>
        {active.length > 0 ? say.t('chart.activeCount', { count: active.length }) : say.t('chart.noActiveMedication')}
      </div>
      <ul className={classes.list}>
        {active.slice(0, FIVE).map((line) => (
          <TileLine key={line.id} line={line} times={1} />
        ))}
      </ul>
      {shownPast.length > 0 && (
        <>
          <div className={classes.groupHead}>{say.t('chart.pastCount', { count: past.length })}</div>
          <ul className={classes.list}>
            {shownPast.map((line) => (
              <TileLine key={line.id} line={line} times={1} />
            ))}
          </ul>
        </>
      )}
      <More lines={[...active, ...past]} address={address} />
    </>
  );
}

interface MeasureLineProps {
  series: Series;
  address: string;
  newest: string | undefined;
  adult: boolean;
}

/** `newest` is the day of the tile: only a line of another day carries its own. */
function MeasureLine({ series, address, newest, adult }: MeasureLineProps) {
  const say = useSay();
  const { locale } = say;
  const latest = series.observations[0];
  const point = series.points.find((candidate) => candidate.observation === latest);
  const value = point && !series.partner ? quantityText(point.quantity, locale) : latest && observationValue(latest, say);
  const standing = latest && (standingOfObservation(latest, adult) ?? undefined);
  const range = latest && judgedRange(latest, adult, locale);
  const when = latest && observedAt(latest);
  const day = formatDay(when, locale);
  const values = series.points.slice(0, SPARKS).map((each) => each.quantity.value ?? 0);
  return (
    <li>
      <Link
        to={address}
        className={classes.measure}
        title={[
          `${series.name}: ${value ?? say.t('common.notRecorded')}`,
          range ? say.t('chart.rangeIs', { range }) : say.t('chart.noRange'),
          formatMoment(when, locale) ?? say.t('common.undated'),
        ].join(' · ')}
      >
        <span className={classes.measureName}>
          <span className={classes.measured}>{series.name}</span>
          {day !== formatDay(newest, locale) && <span className={classes.otherDay}>{day ?? say.t('common.undated')}</span>}
        </span>
        <Sparkline values={values.toReversed()} />
        <span className={classes.number}>
          <StandingMark standing={standing} short />{' '}
          <span className={standing && standing !== 'within' ? classes.strong : undefined}>
            {value ?? say.t('common.notRecorded')}
          </span>{' '}
          {latest && <StatusMark status={statusOf(latest)} quiet />}
          {range && standing && standing !== 'within' && (
            <span className={classes.range}>{say.t('chart.rangeIs', { range })}</span>
          )}
        </span>
      </Link>
    </li>
  );
}

const isOutside = ({ points }: Series): boolean => (points[0]?.standing ?? 'within') !== 'within';

function MeasuresTile({ resources, adult, address, limit, order }: TileProps & { limit: number; order: readonly string[] }) {
  // Without an order of its own a tile shows first what lies outside its range.
  const place = (series: Series) =>
    order.length === 0 ? Number(!isOutside(series)) : order.includes(series.key) ? order.indexOf(series.key) : order.length;
  const { t, locale } = useSay();
  const found = seriesOf(resources as readonly Observation[], adult).toSorted((a, b) => place(a) - place(b));
  const newest = found
    .map((series) => series.observations[0])
    .flatMap((observation) => (observation && observedAt(observation)) ?? [])
    .toSorted(newestFirst)[0];
  return (
    <>
      {newest && <div className={classes.groupHead}>{t('chart.newest', { date: formatDay(newest, locale) ?? newest })}</div>}
      <ul className={classes.list}>
        {found.slice(0, limit).map((series) => (
          <MeasureLine
            key={series.key}
            series={series}
            address={`${address}?code=${encodeURIComponent(series.key)}`}
            newest={newest}
            adult={adult}
          />
        ))}
      </ul>
    </>
  );
}

function VisitsTile({ resources }: TileProps) {
  const say = useSay();
  const lines = standing(resources.map((resource) => lineOf(resource, say))).toSorted(byDate);
  return (
    <ol className={`${classes.list} ${classes.timeline}`}>
      {lines.slice(0, FIVE).map((line) => (
        <TileLine key={line.id} line={line} times={1} />
      ))}
    </ol>
  );
}

/** What is to come, the next first; then what was. */
function AppointmentsTile({ resources }: TileProps) {
  const say = useSay();
  const lines = standing(resources.map((resource) => lineOf(resource, say)));
  const isAhead = ({ when, status }: Line): boolean => status.current && Date.parse(when ?? '') > Date.now() - 3_600_000;
  const ahead = lines.filter(isAhead).toSorted(byDate).toReversed();
  const past = lines.filter((line) => !isAhead(line)).toSorted(byDate);
  return (
    <ul className={classes.list}>
      {[...ahead, ...past].slice(0, FIVE).map((line) => (
        <TileLine key={line.id} line={line} times={1} />
      ))}
    </ul>
  );
}

/** The content of a tile that has something to show. */
export function TileContent({ section, ...props }: TileProps & { section: Section }) {
  switch (section) {
    case 'medications':
      return <MedicationsTile {...props} />;
    case 'vitals':
      return <MeasuresTile {...props} limit={7} order={BEDSIDE} />;
    case 'labs':
      return <MeasuresTile {...props} limit={7} order={[]} />;
    case 'appointments':
      return <AppointmentsTile {...props} />;
    case 'visits':
    case 'notes':
    case 'documents':
    case 'procedures':
    case 'immunizations':
      return section === 'visits' ? <VisitsTile {...props} /> : <NewestTile {...props} />;
    default:
      return <LinesTile {...props} />;
  }
}

function NewestTile({ resources }: TileProps) {
  const say = useSay();
  const lines = standing(resources.map((resource) => lineOf(resource, say))).toSorted(byDate);
  return (
    <ul className={classes.list}>
      {lines.slice(0, FIVE).map((line) => (
        <TileLine key={line.id} line={line} times={1} />
      ))}
    </ul>
  );
}
