import { Button } from '@mantine/core';
import { IconClockExclamation, IconRefresh, IconWifiOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useSay } from '../i18n/index.ts';
import { watchForNewVersion } from '../lib/app-update.ts';
import { useOnline } from '../lib/online.ts';
import { useOutdated } from '../lib/outdated.ts';
import classes from './AppNotices.module.css';

/** What concerns the whole app: that there is no connection, that what is shown could not be read again, and that a new version is ready. */
export function AppNotices() {
  const { t } = useSay();
  const online = useOnline();
  const outdated = useOutdated();
  const [newVersion, setNewVersion] = useState(false);
  useEffect(() => {
    void watchForNewVersion(() => setNewVersion(true));
  }, []);
  return (
    <div className={classes.notices} role="status">
      {!online && (
        <div className={`${classes.notice} ${classes.offline}`}>
          <IconWifiOff size={18} aria-hidden />
          <span>
            <strong>{t('app.offline')}</strong> {t('app.offlineNext')}
          </span>
        </div>
      )}
      {online && outdated.isOutdated && (
        <div className={`${classes.notice} ${classes.offline}`}>
          <IconClockExclamation size={18} aria-hidden />
          <span>
            <strong>{t('app.outdated')}</strong> {t('app.outdatedNext')}
          </span>
          <Button size="compact-sm" variant="default" onClick={outdated.readAgain}>
            {t('common.tryAgain')}
          </Button>
        </div>
      )}
      {newVersion && (
        <div className={`${classes.notice} ${classes.update}`}>
          <IconRefresh size={18} aria-hidden />
          <span>
            <strong>{t('app.newVersion')}</strong> {t('app.newVersionNext')}
          </span>
          <Button size="compact-sm" onClick={() => window.location.reload()}>
            {t('app.reload')}
          </Button>
        </div>
      )}
    </div>
  );
}
