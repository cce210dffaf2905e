import { Button } from '@mantine/core';
import { useSay } from '../../i18n/index.ts';
import { both, type Clash, type Entry } from './note-typed.ts';
import classes from './visit.module.css';

const wordsOf = (entries: readonly Entry[]): string => entries.map(({ text }) => text).join('\n');

/** Two people, or two tabs, have written different answers: both are shown, and a person decides. */
export function ClashChoice({ clash, onSettle }: { clash: Clash; onSettle: (entries: readonly Entry[]) => void }) {
  const { t } = useSay();
  const { mine, theirs } = clash;
  return (
    <section className={classes.clash} aria-label={t('visit.clash.title')}>
      <div role="alert">
        <strong>{t('visit.clash.title')}</strong>
        <p>{t('visit.clash.text')}</p>
      </div>
      <div className={classes.sides}>
        <div>
          <h3>{t('visit.clash.mine')}</h3>
          <pre>{wordsOf(mine) || t('visit.clash.nothing')}</pre>
          <Button size="compact-sm" variant="default" onClick={() => onSettle(mine)}>
            {t('visit.clash.keepMine')}
          </Button>
        </div>
        <div>
          <h3>{t('visit.clash.theirs')}</h3>
          <pre>{wordsOf(theirs) || t('visit.clash.nothing')}</pre>
          <Button size="compact-sm" variant="default" onClick={() => onSettle(theirs)}>
            {t('visit.clash.keepTheirs')}
          </Button>
        </div>
      </div>
      <Button size="compact-sm" onClick={() => onSettle(both(clash))}>
        {t('visit.clash.keepBoth')}
      </Button>
    </section>
  );
}
