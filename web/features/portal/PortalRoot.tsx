import { useEffect } from 'react';
import { Outlet } from 'react-router';
import { LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { useSession } from '../../lib/session.tsx';
import { PortalDoor } from './PortalDoor.tsx';

/**
 * The patients' pages. Who signs in was chosen when the app was loaded: whoever comes here from staff's pages within the app loads it anew,
 * so that no answer in memory is carried over.
 */
export function PortalRoot() {
  const { t } = useSay();
  const { state, pool } = useSession();
  const isForeign = pool !== 'patients';
  useEffect(() => {
    if (isForeign) window.location.reload();
  }, [isForeign]);
  if (isForeign) return <LoadingLines lines={4} label={t('portal.frame.opening')} />;
  return state === 'signed-in' ? <Outlet /> : <PortalDoor />;
}
