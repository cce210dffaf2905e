import { Skeleton } from '@mantine/core';
import type { FhirResource } from 'fhir/r4';
import { Link } from 'react-router';
import type { ChartOverview } from '../../../schemas/chart.ts';
import { StandingMark } from '../../components/marks.tsx';
import surfaces from '../../components/surface.module.css';
import { useSay } from '../../i18n/index.ts';
import { addresses, usePanel } from '../../lib/addresses.ts';
import { inOverview } from '../../lib/chart-query.ts';
import { formatDay } from '../../lib/dates.ts';
import { useNamedMedications } from '../../lib/named-medications.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { byDate, byRelevance, type Line, lineOf, withoutRepeats } from '../chart/lines.ts';
import { SECTION_SPECS, type Section, typesOf } from '../chart/sections.ts';
import classes from './visit.module.css';

/** What one looks at while writing, in the order in which it is looked at. */
const SHOWN: readonly { readonly section: Section; readonly most: number; readonly dated: boolean }[] = [
  { section: 'problems', most: 8, dated: false },
  { section: 'medications', most: 8, dated: false },
  { section: 'allergies', most: 8, dated: false },
  { section: 'vitals', most: 7, dated: true },
  { section: 'labs', most: 7, dated: true },
];

/** Problems, medications, allergies, the last measurements and results: beside the note, each a way to the record. */
export function Facts({ patientId, overview }: { patientId: string; overview: ChartOverview | undefined }) {
  const { t } = useSay();
  const { may } = useTenant();
  return (
    <aside className={`${surfaces.surface} ${classes.facts}`} aria-label={t('visit.facts')}>
      {!overview && <Skeleton height={200} />}
      {overview &&
        SHOWN.filter(({ section }) => typesOf(section).some((type) => may(type, 'search'))).map((shown) => (
          <FactList key={shown.section} {...shown} patientId={patientId} overview={overview} />
        ))}
    </aside>
  );
}

function FactList({
  section,
  most,
  dated,
  patientId,
  overview,
}: (typeof SHOWN)[number] & { patientId: string; overview: ChartOverview }) {
  const say = useSay();
  const { t, locale } = say;
  const { slug, api } = useTenant();
  const { addressOf } = usePanel();
  const found = typesOf(section)
    .flatMap((type) => inOverview<FhirResource>(overview, type))
    .filter(SECTION_SPECS[section].belongs);
  const named = useNamedMedications(api, found);
  const lines: readonly Line[] = withoutRepeats(
    named.map((resource) => lineOf(resource, say)).filter((line) => line.status.trust !== 'entered-in-error'),
  )
    .filter((line) => dated || line.status.current)
    .toSorted(dated ? byDate : byRelevance);
  return (
    <section className={classes.factList}>
      <h2 className={classes.factTitle}>
        <Link to={addresses.section(slug, patientId, section)}>{t(`sections.${section}`)}</Link>
      </h2>
      {lines.length === 0 && (
        // That nobody has asked is not that there is none.
        <p className={classes.quiet}>
          {t(section === 'allergies' && found.length === 0 ? 'allergy.notAsked' : 'visit.noneRecorded')}
        </p>
      )}
      <ul className={classes.factLines}>
        {lines.slice(0, most).map((line) => (
          <li key={`${line.type}/${line.id}`}>
            <Link to={addressOf({ kind: 'record', type: line.type, id: line.id })} className={classes.fact} preventScrollReset>
              <span>{line.title}</span>
              <span className={section === 'medications' ? classes.factDose : classes.factValue}>
                {line.value && section !== 'problems' && section !== 'allergies' ? line.value : ''}{' '}
                {line.standing && <StandingMark standing={line.standing} />}
              </span>
              {dated && <span className={classes.factWhen}>{formatDay(line.when, locale)}</span>}
            </Link>
          </li>
        ))}
      </ul>
      {lines.length > most && (
        <p className={classes.quiet}>
          <Link to={addresses.section(slug, patientId, section)}>{t('visit.moreFacts', { count: lines.length - most })}</Link>
        </p>
      )}
    </section>
  );
}
