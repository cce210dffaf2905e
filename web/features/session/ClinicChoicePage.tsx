import { Button, Text } from '@mantine/core';
import { Link, Navigate } from 'react-router';
import { DoorCard } from '../../components/DoorCard.tsx';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { useSession } from '../../lib/session.tsx';
import { usePerson } from '../../lib/tenant.tsx';
import classes from './SignInPage.module.css';

/** Which clinic to work in. Whoever belongs to one goes straight there. */
export function ClinicChoicePage() {
  const { t, word } = useSay();
  const session = useSession();
  const person = usePerson();
  const { tenants = [], suspended = [], operator = false } = person.data ?? {};
  const only = tenants.length === 1 && suspended.length === 0 && !operator ? tenants[0] : undefined;
  if (operator && tenants.length + suspended.length === 0) return <Navigate to={addresses.operator()} replace />;
  if (only) return <Navigate to={addresses.today(only.slug)} replace />;
  return (
    <DoorCard>
      {person.isPending && <LoadingLines lines={3} height={48} label={t('common.loading', { what: t('session.clinics') })} />}
      {person.isLoadingError && <ErrorState error={person.error} onRetry={() => void person.refetch()} />}
      {person.data && tenants.length > 0 && (
        <>
          <h1>{t('session.chooseClinic')}</h1>
          <ul className={classes.clinics}>
            {tenants.map((tenant) => (
              <li key={tenant.slug}>
                <Link to={addresses.today(tenant.slug)} className={classes.clinic}>
                  <strong>{tenant.name}</strong>
                  <Text c="dimmed" component="span">
                    {tenant.roles.map((role) => word('codes', role)).join(', ')}
                  </Text>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {suspended.map(({ slug, name, reason }) => (
        <div key={slug} className={classes.notice} role="status">
          <Text fw={600}>{`${name}: ${t('session.suspended')}`}</Text>
          <Text>{t('session.suspendedNext')}</Text>
          {reason && <Text>{t('session.suspendedReason', { reason })}</Text>}
        </div>
      ))}
      {person.data && tenants.length + suspended.length === 0 && (
        <>
          <h1>{t('session.noClinic')}</h1>
          <Text c="dimmed">{t('session.noClinicNext')}</Text>
        </>
      )}
      {operator && (
        <Button component={Link} to={addresses.operator()} variant="light">
          {t('session.operators')}
        </Button>
      )}
      <Button variant="default" onClick={() => void session.signOut()}>
        {t('session.signOut')}
      </Button>
    </DoorCard>
  );
}
