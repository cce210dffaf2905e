import { Menu, UnstyledButton } from '@mantine/core';
import { type Icon, IconAlertTriangleFilled, IconBell, IconDeviceMobile, IconDots, IconEye, IconFlag } from '@tabler/icons-react';
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
      {/* On a phone names are cut where the line ends: the number of all of them never is. */}
      {summary.items.length > 1 && (
        <b className={classes.howMany} aria-hidden>
          {summary.items.length}
        </b>
      )}
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

interface Way {
  readonly to: string;
  readonly label: string;
  readonly Icon: Icon;
}

/** On a phone: the ways out of the banner, and above them the flags, whose number stands on the button. */
function PhoneMenu({ flags, ways }: { flags: readonly string[]; ways: readonly Way[] }) {
  const { t } = useSay();
  if (flags.length + ways.length === 0) return null;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton
          className={classes.more}
          aria-label={flags.length > 0 ? t('chart.moreWithFlags', { count: flags.length }) : t('chart.more')}
        >
          {flags.length > 0 && (
            <span className={classes.flag}>
              <IconFlag size={14} aria-hidden /> {flags.length}
            </span>
          )}
          <IconDots size={18} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {flags.map((flag) => (
          <Menu.Label key={flag} className={classes.flagLine}>
            <IconFlag size={14} aria-hidden /> {flag}
          </Menu.Label>
        ))}
        {ways.map(({ to, label, Icon }) => (
          <Menu.Item key={to} component={Link} to={to} leftSection={<Icon size={18} aria-hidden />}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
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
  const standing = flags.filter((flag) => flag.status === 'active').map(({ code }) => conceptText(code) ?? t('chart.flag'));
  const active = [...new Set(standing)];
  const ways: readonly Way[] = [
    ...(portalAddress ? [{ to: portalAddress, label: t('chartLinks.portal'), Icon: IconDeviceMobile }] : []),
    ...(remindersAddress ? [{ to: remindersAddress, label: t('chartLinks.reminders'), Icon: IconBell }] : []),
    ...(accessAddress ? [{ to: accessAddress, label: t('chartLinks.accessLog'), Icon: IconEye }] : []),
  ];
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
          <span className={`${classes.fact} ${classes.withheld}`}>
            <span className={classes.long}>{t('allergy.withheld')}</span>
            <span className={classes.brief}>{t('allergy.withheldBrief')}</span>
          </span>
        )}
        {active.map((flag) => (
          <span key={flag} className={`${classes.flag} ${classes.long}`}>
            <IconFlag size={14} aria-hidden /> {flag}
          </span>
        ))}
        {balance}
        {ways.map(({ to, label, Icon }) => (
          <Link key={to} to={to} className={classes.access} title={label}>
            <Icon size={18} aria-hidden />
            <span className="visually-hidden">{label}</span>
          </Link>
        ))}
      </div>
      <PhoneMenu flags={active} ways={ways} />
    </section>
  );
}
