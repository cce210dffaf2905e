import { Suspense } from 'react';
import { Link, Outlet, useMatch } from 'react-router';
import { EmptyState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './billing.module.css';
import { permittedBilling } from './sections.ts';

/** The billing desk: its lists in a row, and the one that is open. */
export function BillingLayout() {
  const { t } = useSay();
  const { slug, may } = useTenant();
  const sections = permittedBilling(may);
  const section = useMatch('/t/:tenant/billing/:section/*')?.params.section;
  // A visit is reached from the list of those to bill.
  const place = section === 'visits' ? 'unbilled' : section;
  if (sections.length === 0) return <EmptyState title={t('errors.forbidden')} />;
  return (
    <div className={classes.layout}>
      <nav className={classes.head} aria-label={t('billing.title')}>
        <div className={classes.tabs}>
          {sections.map(({ path }) => (
            <Link
              key={path}
              to={addresses.billing(slug, path)}
              className={classes.tab}
              aria-current={path === place ? 'page' : undefined}
            >
              {t(`billing.sections.${path}`)}
            </Link>
          ))}
        </div>
      </nav>
      <Suspense fallback={null}>
        <Outlet />
      </Suspense>
    </div>
  );
}
