import { Suspense, useEffect, useRef } from 'react';
import { Navigate, NavLink, Outlet, useLocation } from 'react-router';
import { EmptyState } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './SettingsLayout.module.css';
import { permittedSections, SETTINGS_SECTIONS } from './sections.ts';

/** The settings of a clinic: a side list (a row on a phone) of what one's role may set, and the page of one of them. */
export function SettingsLayout() {
  const { t } = useSay();
  const { slug, may } = useTenant();
  const { pathname } = useLocation();
  const permitted = permittedSections(may);
  const asked = SETTINGS_SECTIONS.find(({ path }) => `${pathname}/`.startsWith(`${addresses.settings(slug, path)}/`));
  const closed = permitted.length === 0 || (asked && !permitted.includes(asked));
  const list = useRef<HTMLElement>(null);
  // On a phone the list is a row that scrolls: the section one is in is brought into it.
  const section = asked?.path;
  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>(`[href$="/${section}"]`);
    if (list.current && current) list.current.scrollLeft = current.offsetLeft - list.current.offsetLeft - 24;
  }, [section]);
  return (
    <div className={classes.layout}>
      <nav ref={list} className={classes.list} aria-label={t('settingsPages.title')}>
        {permitted.map(({ path, label }) => (
          <NavLink key={path} to={addresses.settings(slug, path)} className={classes.entry}>
            {t(`settingsPages.sections.${label}`)}
          </NavLink>
        ))}
      </nav>
      <div className={classes.page}>
        {closed ? (
          <EmptyState title={t('settingsPages.notForYou')} />
        ) : (
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        )}
      </div>
    </div>
  );
}

/** The address without a section: the first one that is permitted. */
export function SettingsStart() {
  const { may } = useTenant();
  const [first] = permittedSections(may);
  return first ? <Navigate to={first.path} replace /> : null;
}
