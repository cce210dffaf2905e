import {
  type Icon,
  IconCalendar,
  IconFiles,
  IconHome,
  IconInbox,
  IconReceipt2,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react';
import { permittedBilling } from '../features/billing/sections.ts';
import { permittedSections } from '../features/settings/sections.ts';
import { addresses } from '../lib/addresses.ts';
import type { Tenant } from '../lib/tenant.tsx';
import type { Shortcut } from './shortcuts.ts';

/** A place of the workspace: a row here is a place in the rail. */
export interface RailPlace {
  /** Of the key that leads there, too (shortcuts.ts). */
  readonly id: Shortcut & ('today' | 'calendar' | 'patients' | 'inbox' | 'documents' | 'billing' | 'settings');
  readonly to: (slug: string) => string;
  /** A text of the catalogue. */
  readonly label:
    | 'places.today'
    | 'places.inbox'
    | 'places.calendar'
    | 'patients.title'
    | 'places.documents'
    | 'places.billing'
    | 'settingsPages.title';
  readonly icon: Icon;
  /** Only who may do something there sees it. */
  readonly shown: (tenant: Pick<Tenant, 'may' | 'roles'>) => boolean;
  /** The list of the inbox whose count it carries. */
  readonly badge?: 'todo';
}

/** Where one can go, in this order: on a telephone the first four, and the rest behind "More". */
export const RAIL: readonly RailPlace[] = [
  { id: 'today', to: addresses.today, label: 'places.today', icon: IconHome, shown: () => true },
  {
    id: 'calendar',
    to: (slug) => addresses.calendar(slug),
    label: 'places.calendar',
    icon: IconCalendar,
    shown: ({ may }) => may('Appointment', 'search'),
  },
  {
    id: 'patients',
    to: addresses.patients,
    label: 'patients.title',
    icon: IconUsers,
    shown: ({ may }) => may('Patient', 'search'),
  },
  {
    id: 'inbox',
    to: (slug) => addresses.inbox(slug),
    label: 'places.inbox',
    icon: IconInbox,
    shown: ({ may }) => may('Task', 'search'),
    badge: 'todo',
  },
  {
    id: 'documents',
    to: (slug) => addresses.documents(slug),
    label: 'places.documents',
    icon: IconFiles,
    shown: ({ may }) => may('Scan', 'search'),
  },
  {
    id: 'billing',
    to: (slug) => addresses.billing(slug),
    label: 'places.billing',
    icon: IconReceipt2,
    shown: ({ may }) => permittedBilling(may).length > 0,
  },
  {
    id: 'settings',
    to: (slug) => addresses.settings(slug),
    label: 'settingsPages.title',
    icon: IconSettings,
    shown: ({ may }) => permittedSections(may).length > 0,
  },
];

/** Those that somebody may go to: for the rail, the keys and the palette. */
export const placesOf = (tenant: Pick<Tenant, 'may' | 'roles'>): readonly RailPlace[] =>
  RAIL.filter(({ shown }) => shown(tenant));
