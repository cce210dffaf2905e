import { Button } from '@mantine/core';
import {
  IconCalendar,
  IconFileText,
  IconHeartbeat,
  IconHome,
  type IconProps,
  IconReceipt,
  IconUserCircle,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { Link, NavLink, Outlet, useParams } from 'react-router';
import { ErrorState, LoadingLines } from '../components/states.tsx';
import classes from '../features/portal/portal.module.css';
import { IdleGuard } from '../features/session/IdleGuard.tsx';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { ApiError } from '../lib/api.ts';
import { useSession } from '../lib/session.tsx';
import { TenantProvider, useTenant } from '../lib/tenant.tsx';

const PLACES = [
  { page: '', label: 'home', Icon: IconHome },
  { page: 'visits', label: 'visits', Icon: IconCalendar },
  { page: 'records', label: 'records', Icon: IconHeartbeat },
  { page: 'documents', label: 'documents', Icon: IconFileText },
  { page: 'bills', label: 'bills', Icon: IconReceipt },
] as const satisfies readonly { page: string; label: string; Icon: ComponentType<IconProps> }[];

/** One clinic's records of the person who is signed in. */
export function Portal() {
  const { t } = useSay();
  const { tenant = '' } = useParams();
  return (
    <IdleGuard>
      <TenantProvider
        key={tenant}
        slug={tenant}
        waiting={
          <main className={`${classes.portal} ${classes.content}`}>
            <LoadingLines lines={6} height={48} label={t('portal.frame.opening')} />
          </main>
        }
        failed={(error, retry) => <Closed error={error} onRetry={retry} />}
      >
        <Frame />
      </TenantProvider>
    </IdleGuard>
  );
}

function Closed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { t } = useSay();
  const { signOut } = useSession();
  const isClosed = error instanceof ApiError && (error.status === 404 || error.status === 403);
  return (
    <main className={`${classes.portal} ${classes.door}`}>
      {isClosed ? (
        <div role="alert">
          <h1 className={classes.title}>{t('portal.frame.closed')}</h1>
          <p>{t('portal.frame.closedNext')}</p>
        </div>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
      <Button className={classes.big} size="lg" variant="default" onClick={() => void signOut()}>
        {t('portal.you.signOut')}
      </Button>
    </main>
  );
}

function Frame() {
  const { t } = useSay();
  const { slug, name } = useTenant();
  return (
    <div className={classes.portal}>
      <a className={classes.skip} href="#content">
        {t('common.skip')}
      </a>
      <header className={classes.top}>
        <Link to={addresses.portal(slug)} className={classes.clinic}>
          {name}
        </Link>
        <NavLink to={addresses.portal(slug, 'you')} className={classes.person} aria-label={t('portal.places.you')}>
          <IconUserCircle size={24} aria-hidden />
        </NavLink>
      </header>
      <main id="content" className={classes.content} tabIndex={-1}>
        <Outlet />
      </main>
      <nav className={classes.places} aria-label={t('portal.frame.navigation')}>
        {PLACES.map(({ page, label, Icon }) => (
          <NavLink key={label} to={addresses.portal(slug, page)} end={page === ''} className={classes.place}>
            <Icon size={24} aria-hidden />
            <span>{t(`portal.places.${label}`)}</span>
          </NavLink>
        ))}
      </nav>
    </div>
  );
}
