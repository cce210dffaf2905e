import { Button, Text } from '@mantine/core';
import { Link, Navigate } from 'react-router';
import { Brand } from '../../components/Brand.tsx';
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
  const only = person.data?.tenants.length === 1 ? person.data.tenants[0] : undefined;
  if (only) return <Navigate to={addresses.patients(only.slug)} replace />;
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <Brand />
        {person.isPending && <LoadingLines lines={3} height={48} label={t('common.loading', { what: t('session.clinics') })} />}
        {person.isError && <ErrorState error={person.error} onRetry={() => void person.refetch()} />}
        {person.data && person.data.tenants.length > 0 && (
          <>
            <h1 className={classes.title}>{t('session.chooseClinic')}</h1>
            <ul className={classes.clinics}>
              {person.data.tenants.map((tenant) => (
                <li key={tenant.slug}>
                  <Link to={addresses.patients(tenant.slug)} className={classes.clinic}>
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
        {person.data?.tenants.length === 0 && (
          <>
            <h1 className={classes.title}>{t('session.noClinic')}</h1>
            <Text c="dimmed">{person.data.operator ? t('session.operatorNoClinic') : t('session.noClinicNext')}</Text>
          </>
        )}
        <Button variant="default" onClick={() => void session.signOut()}>
          {t('session.signOut')}
        </Button>
      </div>
    </main>
  );
}
