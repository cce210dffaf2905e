import { IconServerCog } from '@tabler/icons-react';
import { Suspense } from 'react';
import { Link, Outlet } from 'react-router';
import { Brand } from '../components/Brand.tsx';
import { OPERATOR_RAIL } from '../features/operator/rail.ts';
import { OPERATOR_SECTIONS } from '../features/operator/sections.ts';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { useSession } from '../lib/session.tsx';
import { usePerson } from '../lib/tenant.tsx';
import classes from './Frame.module.css';
import { PersonMenu } from './PersonMenu.tsx';
import { RailBar } from './RailBar.tsx';
import { PlaceMenu } from './TenantMenu.tsx';

/** The frame of the operators' console: what can be looked at, and that one is above the clinics and not in one. */
export function OperatorFrame() {
  const { t } = useSay();
  const session = useSession();
  const person = usePerson();
  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {t('common.skip')}
      </a>
      <header className={classes.top}>
        <Link to={addresses.operator()} className={classes.home} aria-label={t('operator.home')}>
          <Brand short />
        </Link>
        <div className={classes.searchPlace} />
        <PlaceMenu name={t('session.operators')} Icon={IconServerCog} />
        <PersonMenu personName={person.data?.user.name ?? session.name} />
      </header>
      <RailBar
        places={OPERATOR_SECTIONS.map(({ path }) => {
          const { title, Icon } = OPERATOR_RAIL[path];
          return { id: path, to: addresses.operator(path), label: title(t), Icon };
        })}
      />
      <main id="content" className={classes.content} tabIndex={-1}>
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
