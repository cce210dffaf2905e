import { ActionIcon } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHelpCircle, IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Link, Outlet, useMatch, useNavigate, useParams } from 'react-router';
import { Brand } from '../components/Brand.tsx';
import { bring, useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { isSameZone, readersZone } from '../lib/locale.ts';
import { useTenant } from '../lib/tenant.tsx';
import type { PaletteOpening } from './CommandPalette.tsx';
import classes from './Frame.module.css';
import { Guide, useGuide } from './help/Guide.tsx';
import { PersonMenu } from './PersonMenu.tsx';
import { Rail } from './Rail.tsx';
import { placesOf } from './rail.ts';
import { focusSearch, openEditor, useShortcuts } from './shortcuts.ts';
import { TenantMenu } from './TenantMenu.tsx';
import { TopSearch } from './TopSearch.tsx';

const CommandPalette = lazy(() => bring(() => import('./CommandPalette.tsx'), 'pages', 'tasks', 'newPatient', 'calendar'));
const NewTaskDialog = lazy(() => bring(() => import('../features/inbox/NewTaskDialog.tsx'), 'pages', 'tasks'));
const HelpSheet = lazy(() => bring(() => import('./help/HelpSheet.tsx'), 'pages', 'help'));

/** The frame of the workspace: where one can go, who and where one is, and the page. It offers only what works. */
export function Frame() {
  const { t, locale } = useSay();
  const tenant = useTenant();
  const { slug, may, personName } = tenant;
  const { id: patientId } = useParams();
  const navigate = useNavigate();
  const searching = useMatch('/t/:tenant/patients');
  const atHome = useMatch('/t/:tenant/today');
  const creates = Boolean(searching) && may('Patient', 'create');
  const [helping, help] = useDisclosure();
  const [writing, newTask] = useDisclosure();
  const guide = useGuide();
  /** What the palette was last opened for; its code comes with the first time. */
  const [palette, setPalette] = useState<PaletteOpening>();
  const shortcuts = useMemo(
    () => ({
      search: focusSearch,
      palette: () => setPalette({ only: 'all' }),
      edit: openEditor,
      help: help.open,
      ...Object.fromEntries(placesOf(tenant).map(({ id, to }) => [id, () => void navigate(to(slug))])),
      create: () => (creates ? void navigate(addresses.newPatient(slug)) : setPalette({ only: 'create' })),
      ...(patientId && { overview: () => void navigate(addresses.chart(slug, patientId)) }),
    }),
    [help.open, navigate, slug, tenant, patientId, creates],
  );
  useShortcuts(shortcuts);

  return (
    <div className={classes.frame}>
      <a href="#content" className={classes.skip}>
        {t('common.skip')}
      </a>
      <header className={classes.top}>
        <Link to={addresses.today(slug)} className={classes.home} aria-label={t('frame.home')}>
          <Brand short />
        </Link>
        <div className={classes.searchPlace}>
          {!searching && may('Patient', 'search') && (
            <>
              <TopSearch />
              <ActionIcon
                component={Link}
                to={addresses.patients(slug)}
                variant="subtle"
                color="gray"
                size={36}
                className={classes.searchIcon}
                aria-label={t('patients.find')}
              >
                <IconSearch size={20} />
              </ActionIcon>
            </>
          )}
        </div>
        <TenantMenu />
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t('settings.help')}
          title={`${t('settings.help')} (?)`}
          onClick={help.open}
          className={classes.help}
        >
          <IconHelpCircle size={20} />
        </ActionIcon>
        <PersonMenu personName={personName} onHelp={help.open} />
      </header>
      <Rail />
      <main id="content" className={classes.content} tabIndex={-1}>
        {!isSameZone(locale.timeZone, readersZone()) && (
          <p className={classes.zone}>{t('frame.zone', { zone: locale.timeZone })}</p>
        )}
        {guide.shown && (searching || atHome) && <Guide onDone={guide.hide} />}
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </main>
      <Suspense fallback={null}>
        {helping && (
          <HelpSheet
            opened
            onClose={help.close}
            onGuide={() => {
              help.close();
              guide.show();
              void navigate(addresses.today(slug));
            }}
          />
        )}
        {palette && <CommandPalette opening={palette} onHelp={help.open} onNewTask={newTask.open} />}
        {writing && <NewTaskDialog patient={patientId} onClose={newTask.close} />}
      </Suspense>
    </div>
  );
}
