import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { permittedSections } from '../../features/settings/sections.ts';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { useHasNoPatients } from '../../lib/patient-search.ts';
import { hasSeenGuide, rememberGuide } from '../../lib/remembered.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { stepsFor, stepsInEmptyClinic } from './guides.ts';
import classes from './help.module.css';

/** The first steps of a person's role, one at a time, above the page. Whoever skips it finds it again in the help. */
export function Guide({ onDone }: { onDone: () => void }) {
  const { t } = useSay();
  const { slug, api, owner, may } = useTenant();
  const empty = useHasNoPatients(api, may('Patient', 'create'));
  const [at, setAt] = useState(0);
  const steps = empty ? stepsInEmptyClinic(may) : stepsFor(may);
  const step = steps[at];
  // No step before it is known which is the first: a card that changes under the reader's eyes is worse than a late one.
  if (!step || empty === undefined) return null;
  const done = () => {
    rememberGuide(owner);
    onDone();
  };
  const last = at === steps.length - 1;
  const toSettings = step.place === 'settings' && permittedSections(may).length > 0;
  return (
    <section className={classes.guide} aria-label={t('guide.title')}>
      <h2>{t(`guide.steps.${step.id}.title`)}</h2>
      <span className={classes.quiet}>{t('guide.at', { at: at + 1, of: steps.length })}</span>
      <span>{t(`guide.steps.${step.id}.text`)}</span>
      <div className={classes.guideActions}>
        <Button size="xs" onClick={last ? done : () => setAt(at + 1)}>
          {last ? t('guide.done') : t('guide.next')}
        </Button>
        {toSettings && (
          <Button size="xs" variant="default" component={Link} to={addresses.settings(slug)}>
            {t('guide.toSettings')}
          </Button>
        )}
        {step.id === 'begin' && (
          <>
            <Button size="xs" variant="default" component={Link} to={addresses.newPatient(slug)}>
              {t('newPatient.title')}
            </Button>
            {may('Tenant', 'import') && (
              <Button size="xs" variant="default" component={Link} to={addresses.settings(slug, 'import')}>
                {t('newPatient.import')}
              </Button>
            )}
          </>
        )}
        {!last && (
          <Button size="xs" variant="subtle" onClick={done}>
            {t('guide.skip')}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Whether the guide is to be shown, and the two ways to change that. */
export function useGuide(): { readonly shown: boolean; readonly show: () => void; readonly hide: () => void } {
  const { owner } = useTenant();
  const [shown, setShown] = useState(() => !hasSeenGuide(owner));
  return { shown, show: () => setShown(true), hide: () => setShown(false) };
}
