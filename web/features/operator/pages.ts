import type { ComponentType } from 'react';
import { bring } from '../../i18n/index.ts';
import type { OperatorSection } from './sections.ts';

/** The page of each section: beside the list of them, so that a rail loads names and no pages. */
export const OPERATOR_PAGES: Record<OperatorSection['path'], () => Promise<{ readonly Component: ComponentType }>> = {
  clinics: async () => ({ Component: (await bring(() => import('./ClinicsPage.tsx'), 'pages', 'operator')).ClinicsPage }),
  plans: async () => ({ Component: (await bring(() => import('./PlansPage.tsx'), 'plan')).PlansPage }),
  invoices: async () => ({
    Component: (await bring(() => import('./InvoicesPage.tsx'), 'plan', 'operator')).InvoicesPage,
  }),
  events: async () => ({ Component: (await bring(() => import('./EventsPage.tsx'), 'pages', 'plan')).EventsPage }),
  people: async () => ({ Component: (await bring(() => import('../staff/OperatorsPage.tsx'), 'pages', 'people')).OperatorsPage }),
  cost: async () => ({ Component: (await bring(() => import('./CostPage.tsx'), 'operator')).CostPage }),
  reports: async () => ({ Component: (await bring(() => import('./ReportsPage.tsx'))).ReportsPage }),
  status: async () => ({ Component: (await bring(() => import('./StatusPage.tsx'), 'statusPage')).StatusPage }),
};
