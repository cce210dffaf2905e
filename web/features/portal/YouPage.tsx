import { Button, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import { personName } from '../../../schemas/names.ts';
import { LANGUAGE_NAMES } from '../../components/LanguageChoice.tsx';
import { setLanguage, useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatDay } from '../../lib/dates.ts';
import { useSession } from '../../lib/session.tsx';
import { usePerson, useTenant } from '../../lib/tenant.tsx';
import { useOwnChart } from './own-chart.ts';
import { PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';

/** Who is signed in, how they like their pages, and the way out. */
export function YouPage() {
  const { t, locale, language } = useSay();
  const { signOut } = useSession();
  const chart = useOwnChart();
  const person = usePerson();
  const { slug } = useTenant();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = chart.data && personName(chart.data.patient.name);
  const born = formatDay(chart.data?.patient.birthDate, locale);
  const email = person.data?.user.email;
  return (
    <>
      <PageTitle>{t('portal.you.title')}</PageTitle>
      <section className={classes.item}>
        {name && <strong className={classes.value}>{name}</strong>}
        {born && <span>{t('portal.you.born', { date: born })}</span>}
        {email && <span>{t('portal.you.email', { email })}</span>}
        <Quiet>{t('portal.you.wrong')}</Quiet>
      </section>
      <div className={classes.choices}>
        <SegmentedControl
          fullWidth
          size="lg"
          aria-label={t('portal.you.language')}
          value={language}
          data={LANGUAGE_NAMES.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => void setLanguage(value as typeof language)}
        />
        <SegmentedControl
          fullWidth
          size="lg"
          aria-label={t('portal.you.appearance')}
          value={colorScheme}
          data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`settings.schemes.${value}`) }))}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
        />
      </div>
      <Link to={addresses.portal(slug, 'you/who-looked')} className={classes.way}>
        {t('portal.log.title')} <IconChevronRight size={20} aria-hidden />
      </Link>
      {(person.data?.tenants.length ?? 0) > 1 && (
        <Link to="/p" className={classes.way}>
          {t('portal.you.another')}
        </Link>
      )}
      <Button className={classes.big} size="lg" variant="default" onClick={() => void signOut()}>
        {t('portal.you.signOut')}
      </Button>
    </>
  );
}
