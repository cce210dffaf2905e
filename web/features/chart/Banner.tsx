import { IconAlertTriangleFilled, IconBell, IconDeviceMobile, IconEye, IconFlag } from '@tabler/icons-react';
import type { AllergyIntolerance, Flag, Patient } from 'fhir/r4';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ageText, sexText, shortNumber } from '../../components/PatientLine.tsx';
import { useSay } from '../../i18n/index.ts';
import { type AllergySummary, summariseAllergies } from '../../lib/allergies.ts';
import { conceptText } from '../../lib/concept.ts';
import { formatDay } from '../../lib/dates.ts';
import { initials } from '../../lib/names.ts';
import { bandOf, summarisePatient } from '../../lib/patient-summary.ts';
import classes from './Banner.module.css';

const SHOWN = 3; // allergies named before "+2"

function Allergies({ summary, address }: { summary: AllergySummary; address: string }) {
  const { t } = useSay();
  if (summary.kind !== 'known') {
    return (
      <Link to={address} className={summary.kind === 'none-known' ? classes.fact : classes.notAsked}>
        {summary.kind === 'none-known' ? t('allergy.noneKnown') : t('allergy.notAsked')}
      </Link>
    );
  }
  const rest = summary.items.length - SHOWN;
  const names = summary.items
    .slice(0, SHOWN)
    .map((item) => (item.unconfirmed ? t('allergy.unconfirmedName', { name: item.name }) : item.name));
  return (
    <Link to={address} className={classes.allergies} title={summary.items.map((item) => item.name).join(', ')}>
      <IconAlertTriangleFilled size={14} aria-hidden />
      <span className={classes.allergyNames}>
        <strong className={classes.allergyLabel}>{t('allergy.label')}</strong> {names.join(', ')}
        {rest > 0 && ` ${t('common.andMore', { count: rest })}`}
      </span>
    </Link>
  );
}

interface BannerProps {
  patient: Patient;
  /** Undefined when the person may not see allergies: the banner then says so. */
  allergies: readonly AllergyIntolerance[] | undefined;
  flags: readonly Flag[];
  nowMs: number;
  overviewAddress: string;
  allergiesAddress: string;
  /** Absent when the person may not see who opened the chart. */
  accessAddress?: string;
  /** Absent when the person may not give the patient access to the portal. */
  portalAddress?: string;
  /** What the patient owes; absent when the person takes no money. */
  balance?: ReactNode;
  /** Absent when the person may not see what was sent to the patient. */
  remindersAddress?: string;
}

/** Who this is, and what must not be missed: in the same place, in the same order, on every screen of the chart. */
export function Banner({
  patient,
  allergies,
  flags,
  nowMs,
  overviewAddress,
  allergiesAddress,
  accessAddress,
  balance,
  portalAddress,
  remindersAddress,
}: BannerProps) {
  const say = useSay();
  const { t, locale } = say;
  const summary = summarisePatient(patient, nowMs, locale.timeZone);
  const name = summary.name ?? t('patient.nameNotRecorded');
  const born = formatDay(summary.birthDate, locale);
  const died = typeof summary.died === 'string' ? formatDay(summary.died, locale) : undefined;
  const activeFlags = flags.filter((flag) => flag.status === 'active');
  return (
    <section className={classes.banner} data-band={bandOf(summary.id)} aria-label={t('chart.bannerLabel')}>
      <span className={classes.initials} aria-hidden="true">
        {initials(name)}
      </span>
      <div className={classes.who}>
        <h1 className={classes.name}>
          <Link to={overviewAddress}>{name}</Link>
        </h1>
        <span className={classes.facts}>
          <span className={`${classes.age} ${summary.died === false ? classes.fact : classes.died}`}>
            <span className={died ? classes.long : undefined}>{ageText(summary, say) ?? t('age.notKnown')}</span>
            {died && <span className={classes.brief}>{t('age.diedBrief', { date: died })}</span>}
          </span>
          <span className={`${classes.born} ${classes.fact}`}>
            {born ? t('patient.born', { date: born }) : t('patient.birthDateNotRecorded')}
          </span>
          <span className={`${classes.sex} ${classes.fact}`}>{sexText(summary, say)}</span>
          <span className={`${classes.number} ${classes.fact}`} title={summary.recordNumber}>
            {summary.recordNumber
              ? t('patient.recordNumber', { number: shortNumber(summary.recordNumber) })
              : t('patient.recordNumberNone')}
          </span>
        </span>
      </div>
      <div className={classes.shortFacts}>
        <span>{born}</span>
        <span>{summary.recordNumber && shortNumber(summary.recordNumber)}</span>
      </div>
      <div className={classes.safety}>
        {allergies ? (
          <Allergies summary={summariseAllergies(allergies)} address={allergiesAddress} />
        ) : (
          <span className={classes.fact}>{t('allergy.withheld')}</span>
        )}
        {activeFlags.map((flag) => (
          <span key={flag.id} className={classes.flag}>
            <IconFlag size={14} aria-hidden /> {conceptText(flag.code) ?? t('chart.flag')}
          </span>
        ))}
        {balance}
        {portalAddress && (
          <Link to={portalAddress} className={classes.access} title={t('chartLinks.portal')}>
            <IconDeviceMobile size={18} aria-hidden />
            <span className="visually-hidden">{t('chartLinks.portal')}</span>
          </Link>
        )}
        {remindersAddress && (
          <Link to={remindersAddress} className={classes.access} title={t('chartLinks.reminders')}>
            <IconBell size={18} aria-hidden />
            <span className="visually-hidden">{t('chartLinks.reminders')}</span>
          </Link>
        )}
        {accessAddress && (
          <Link to={accessAddress} className={classes.access} title={t('chartLinks.accessLog')}>
            <IconEye size={18} aria-hidden />
            <span className="visually-hidden">{t('chartLinks.accessLog')}</span>
          </Link>
        )}
      </div>
    </section>
  );
}
