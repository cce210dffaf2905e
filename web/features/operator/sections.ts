import type { ComponentType } from 'react';
import { bring } from '../../i18n/index.ts';

export interface OperatorSection {
  /** Its address: /operator/<path>. */
  readonly path: 'clinics' | 'plans' | 'people' | 'cost' | 'reports' | 'status';
  /** The page's code comes when it is opened. */
  readonly page: () => Promise<{ readonly Component: ComponentType }>;
}

/** Everything in the operators' console, in the order of its rail: the rail and the routes are made of this list and nothing else. */
export const OPERATOR_SECTIONS: readonly OperatorSection[] = [
  {
    path: 'clinics',
    page: async () => ({ Component: (await bring(() => import('./ClinicsPage.tsx'), 'pages', 'operator')).ClinicsPage }),
  },
  {
    path: 'plans',
    page: async () => ({ Component: (await bring(() => import('./PlansPage.tsx'), 'plan')).PlansPage }),
  },
  {
    path: 'people',
    page: async () => ({ Component: (await bring(() => import('../staff/OperatorsPage.tsx'), 'pages', 'people')).OperatorsPage }),
  },
  {
    path: 'cost',
    page: async () => ({ Component: (await bring(() => import('./CostPage.tsx'), 'operator')).CostPage }),
  },
  {
    path: 'reports',
    page: async () => ({ Component: (await bring(() => import('./ReportsPage.tsx'))).ReportsPage }),
  },
  {
    path: 'status',
    page: async () => ({ Component: (await bring(() => import('./StatusPage.tsx'), 'statusPage')).StatusPage }),
  },
];
