import { Button } from '@mantine/core';
import { Link, Navigate } from 'react-router';
import { Brand } from '../../components/Brand.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { useSession } from '../../lib/session.tsx';
import { usePerson } from '../../lib/tenant.tsx';
import classes from './portal.module.css';

/** Which clinic's records: whoever has one goes straight there. */
export function PortalStart() {
  const { t } = useSay();
  const session = useSession();
  const person = usePerson();
  const tenants = person.data?.tenants ?? [];
  if (tenants.length === 1 && tenants[0]) return <Navigate to={addresses.portal(tenants[0].slug)} replace />;
  return (
    <main className={`${classes.portal} ${classes.door}`}>
      <Brand />
      {person.isPending && <LoadingLines lines={3} height={56} label={t('portal.frame.opening')} />}
      {person.isLoadingError && <ErrorState error={person.error} onRetry={() => void person.refetch()} />}
      {person.data && tenants.length > 0 && (
        <>
          <h1 className={classes.title}>{t('portal.door.chooseClinic')}</h1>
          <ul className={classes.list}>
            {tenants.map(({ slug, name }) => (
              <li key={slug}>
                <Link to={addresses.portal(slug)} className={classes.row}>
                  <strong>{name}</strong>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {person.data && tenants.length === 0 && (
        <>
          <h1 className={classes.title}>{t('portal.door.noClinic')}</h1>
          <p>{t('portal.door.noClinicNext')}</p>
        </>
      )}
      <Button className={classes.big} size="lg" variant="default" onClick={() => void session.signOut()}>
        {t('portal.you.signOut')}
      </Button>
    </main>
  );
}
