import { Button, Menu } from '@mantine/core';
import { IconSelector, IconServerCog } from '@tabler/icons-react';
import { Suspense } from 'react';
import { Link, NavLink, Outlet, useNavigate } from 'react-router';
import { Brand } from '../components/Brand.tsx';
import { OPERATOR_RAIL } from '../features/operator/rail.ts';
import { OPERATOR_SECTIONS } from '../features/operator/sections.ts';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { useSession } from '../lib/session.tsx';
import { usePerson } from '../lib/tenant.tsx';
import classes from './Frame.module.css';
import { PersonMenu } from './PersonMenu.tsx';

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
        <PlaceMenu />
        <PersonMenu personName={person.data?.user.name ?? session.name} />
      </header>
      <nav className={classes.rail} aria-label={t('frame.navigation')}>
        {OPERATOR_SECTIONS.map(({ path }) => {
          const { title, Icon } = OPERATOR_RAIL[path];
          return (
            <NavLink key={path} to={addresses.operator(path)} className={classes.place}>
              <Icon size={20} aria-hidden />
              <span>{title(t)}</span>
            </NavLink>
          );
        })}
      </nav>
      <main id="content" className={classes.content} tabIndex={-1}>
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}

/** That this is the console; the way into a clinic for an operator who works in one, too. */
function PlaceMenu() {
  const { t } = useSay();
  const navigate = useNavigate();
  const tenants = usePerson().data?.tenants ?? [];
  const name = t('session.operators');
  if (tenants.length === 0) {
    return (
      <span className={classes.tenant} title={name}>
        <IconServerCog size={18} aria-hidden /> <span className={classes.tenantName}>{name}</span>
      </span>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          className={classes.tenantButton}
          leftSection={<IconServerCog size={18} aria-hidden />}
          rightSection={<IconSelector size={14} aria-hidden />}
          aria-label={t('session.switchClinic', { name })}
        >
          <span className={classes.tenantName}>{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('session.clinics')}</Menu.Label>
        {tenants.map((tenant) => (
          <Menu.Item key={tenant.slug} onClick={() => void navigate(addresses.today(tenant.slug))}>
            {tenant.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
