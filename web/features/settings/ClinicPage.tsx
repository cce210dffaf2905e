import { useEffect } from 'react';
import { useSay } from '../../i18n/index.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './facts.module.css';

/** What the clinic is called and where it is found. */
export function ClinicPage() {
  const { t } = useSay();
  const { name, slug } = useTenant();
  useEffect(() => {
    document.title = `${t('settingsPages.sections.clinic')} · Tessera`;
  }, [t]);
  return (
    <>
      <h1>{t('settingsPages.sections.clinic')}</h1>
      <dl className={classes.facts}>
        <dt>{t('settingsPages.clinic.name')}</dt>
        <dd>{name}</dd>
        <dt>{t('settingsPages.clinic.address')}</dt>
        <dd>{`${window.location.origin}/t/${slug}`}</dd>
      </dl>
    </>
  );
}
