import { Anchor, Button, Kbd } from '@mantine/core';
import { SendReport } from '../../components/CrashScreen.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useSay } from '../../i18n/index.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { VERSION } from '../../version.ts';
import { PLACES, SHORTCUTS } from '../shortcuts.ts';
import { AREAS, permissionOn, stepsFor } from './guides.ts';
import classes from './help.module.css';

const onMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** One sheet: the keys by place, how to do the first things, what one's role may do, and which version this is. */
export default function HelpSheet({ opened, onClose, onGuide }: { opened: boolean; onClose: () => void; onGuide: () => void }) {
  const { t, word } = useSay();
  const { may, roles } = useTenant();
  return (
    <Dialog opened={opened} onClose={onClose} size="70rem" title={t('settings.help')}>
      <div className={classes.columns}>
        <section className={classes.group}>
          <h3>{t('help.keys')}</h3>
          {PLACES.map((place) => (
            <div key={place}>
              <h4>{t(`help.places.${place}`)}</h4>
              <dl className={classes.rows}>
                {SHORTCUTS.filter((shortcut) => shortcut.place === place).map(({ id, keys }) => (
                  <div key={id} className={classes.row}>
                    <dt>{t(`help.shortcuts.${id}`)}</dt>
                    <dd>
                      {keys.map((key) => (
                        <Kbd key={key} ml={4}>
                          {key === 'Mod' ? (onMac() ? '⌘' : 'Ctrl') : key}
                        </Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </div>
          ))}
        </section>
        <section className={classes.group}>
          <h3>{t('help.howTo')}</h3>
          <ul className={classes.how}>
            {stepsFor(may).map(({ id }) => (
              <li key={id}>
                <strong>{t(`guide.steps.${id}.title`)}</strong>
                <br />
                {t(`guide.steps.${id}.text`)}
              </li>
            ))}
          </ul>
          <Button size="xs" variant="default" mt="xs" onClick={onGuide}>
            {t('help.showGuide')}
          </Button>
        </section>
        <section className={classes.group}>
          <h3>{t('help.roleTitle', { roles: roles.map((role) => word('codes', role)).join(', ') })}</h3>
          <dl className={classes.rows}>
            {AREAS.map((type) => (
              <div key={type} className={classes.row}>
                <dt>{word('types', type)}</dt>
                <dd className={permissionOn(may, type) === 'none' ? classes.quiet : undefined}>
                  {t(`help.permissions.${permissionOn(may, type)}`)}
                </dd>
              </div>
            ))}
          </dl>
          <span className={classes.quiet}>{t('help.roleNext')}</span>
        </section>
      </div>
      <footer className={classes.foot}>
        <span className={classes.quiet}>{t('help.version', { version: VERSION })}</span>
        <Anchor href="/status" target="_blank" rel="noreferrer">
          {t('help.status')}
        </Anchor>
        <SendReport error={undefined} place="page" label={t('help.report')} />
      </footer>
    </Dialog>
  );
}
