import { useMantineColorScheme } from '@mantine/core';
import { Spotlight, spotlight } from '@mantine/spotlight';
import {
  IconCalendarPlus,
  IconChecklist,
  IconDroplet,
  IconHeartbeat,
  IconHelpCircle,
  IconLayoutGrid,
  IconMoon,
  IconSearch,
  IconSettings,
  IconSun,
  IconUser,
  IconUserPlus,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { identityText } from '../components/PatientLine.tsx';
import { permittedSections } from '../features/settings/sections.ts';
import { useSay } from '../i18n/index.ts';
import { addresses, withPanel } from '../lib/addresses.ts';
import { usePatientSearch } from '../lib/patient-search.ts';
import { summarisePatient } from '../lib/patient-summary.ts';
import { useTenant } from '../lib/tenant.tsx';
import { placesOf } from './rail.ts';

interface Command {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly run: () => void;
  /** It makes a new record. */
  readonly creates?: true;
}

/** What the palette is opened for: everything, or only what makes a new record. A new object opens it again. */
export interface PaletteOpening {
  readonly only: 'all' | 'create';
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** What can be done here: in a chart its own actions first, then places and settings. */
function useCommands(onHelp: () => void, onNewTask: () => void): readonly Command[] {
  const { t } = useSay();
  const tenant = useTenant();
  const { slug, may } = tenant;
  const { id: patientId } = useParams();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const write = (what: 'allergy' | 'blood-pressure') =>
    void navigate(`?${withPanel(new URLSearchParams(window.location.search), { kind: 'write', what, id: undefined })}`);
  const inChart: Command[] = patientId
    ? [
        ...(may('AllergyIntolerance', 'create')
          ? [
              {
                id: 'allergy',
                label: t('chart.recordAllergy'),
                icon: <IconDroplet size={18} />,
                run: () => write('allergy'),
                creates: true as const,
              },
            ]
          : []),
        ...(may('Observation', 'create')
          ? [
              {
                id: 'pressure',
                label: t('chart.recordBloodPressure'),
                icon: <IconHeartbeat size={18} />,
                run: () => write('blood-pressure'),
                creates: true as const,
              },
            ]
          : []),
        ...(may('Appointment', 'create')
          ? [
              {
                id: 'book-for-patient',
                label: t('calendar.bookFollowUp'),
                icon: <IconCalendarPlus size={18} />,
                run: () => void navigate(addresses.bookVisit(slug, patientId)),
                creates: true as const,
              },
            ]
          : []),
        {
          id: 'overview',
          label: t('chart.overview'),
          icon: <IconLayoutGrid size={18} />,
          run: () => void navigate(addresses.chart(slug, patientId)),
        },
      ]
    : [];
  const newTask: Command[] = may('Task', 'create')
    ? [
        {
          id: 'new-task',
          label: t(patientId ? 'inbox.newTaskFor' : 'inbox.newTask'),
          icon: <IconChecklist size={18} />,
          run: onNewTask,
          creates: true as const,
        },
      ]
    : [];
  return [
    ...inChart,
    ...newTask,
    ...placesOf(tenant).map(
      (place): Command => ({
        id: place.id,
        label: t(place.label),
        icon: <place.icon size={18} />,
        run: () => void navigate(place.to(slug)),
      }),
    ),
    ...(may('Patient', 'create')
      ? [
          {
            id: 'new-patient',
            label: t('newPatient.title'),
            icon: <IconUserPlus size={18} />,
            run: () => void navigate(addresses.newPatient(slug)),
            creates: true as const,
          },
        ]
      : []),
    ...permittedSections(may).map(({ path, label }) => ({
      id: `settings-${path}`,
      label: `${t('settingsPages.title')}: ${t(`settingsPages.sections.${label}`)}`,
      icon: <IconSettings size={18} />,
      run: () => void navigate(addresses.settings(slug, path)),
    })),
    { id: 'light', label: t('palette.light'), icon: <IconSun size={18} />, run: () => setColorScheme('light') },
    { id: 'dark', label: t('palette.dark'), icon: <IconMoon size={18} />, run: () => setColorScheme('dark') },
    { id: 'help', label: t('settings.help'), icon: <IconHelpCircle size={18} />, run: onHelp },
  ];
}

/** Ctrl or Cmd K: patients and commands from one field. N in a chart: what can be recorded. */
export default function CommandPalette({
  opening,
  onHelp,
  onNewTask,
}: {
  opening: PaletteOpening;
  onHelp: () => void;
  onNewTask: () => void;
}) {
  const say = useSay();
  const { t } = say;
  const { slug, api } = useTenant();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const search = usePatientSearch(api, text);
  const creating = opening.only === 'create';
  const commands = useCommands(onHelp, onNewTask).filter(
    (command) => (!creating || command.creates) && folded(command.label).includes(folded(text.trim())),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: each opening opens it
  useEffect(() => spotlight.open(), [opening]);
  const patients = !creating && search.asked && !search.settling ? (search.data ?? []).slice(0, 6) : [];

  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      shortcut={null}
      attributes={{ content: { 'aria-label': t('palette.placeholder') } }}
      clearQueryOnClose
      scrollable
      maxHeight={420}
      transitionProps={{ duration: 100 }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {patients.length > 0 && (
          <Spotlight.ActionsGroup label={t('patients.title')}>
            {patients.map((patient) => {
              const summary = summarisePatient(patient, Date.now(), say.locale.timeZone);
              return (
                <Spotlight.Action
                  key={summary.id}
                  label={summary.name ?? t('patient.nameNotRecorded')}
                  description={identityText(summary, say)}
                  leftSection={<IconUser size={18} />}
                  onClick={() => void navigate(addresses.chart(slug, summary.id))}
                />
              );
            })}
          </Spotlight.ActionsGroup>
        )}
        {commands.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.actions')}>
            {commands.map((command) => (
              <Spotlight.Action key={command.id} label={command.label} leftSection={command.icon} onClick={command.run} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {patients.length + commands.length === 0 && (
          <Spotlight.Empty>
            {search.asked && (search.isPending || search.settling) ? t('patients.searching') : t('palette.nothing')}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
