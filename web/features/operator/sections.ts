import {
  IconActivityHeartbeat,
  IconBug,
  IconBuildingHospital,
  IconCreditCard,
  IconReceiptDollar,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { useSay } from '../../i18n/index.ts';

type Words = ReturnType<typeof useSay>['t'];

export interface OperatorSection {
  /** Its address: /operator/<path>. */
  readonly path: string;
  readonly title: (t: Words) => string;
  readonly Icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  /** The page's code comes when it is opened. */
  readonly page: () => Promise<{ readonly Component: ComponentType }>;
}

/** Everything in the operators' console, in the order of its rail: the rail and the routes are made of this list and nothing else. */
export const OPERATOR_SECTIONS: readonly OperatorSection[] = [
  {
    path: 'clinics',
    title: (t) => t('operator.clinics.title'),
    Icon: IconBuildingHospital,
    page: async () => ({ Component: (await import('./ClinicsPage.tsx')).ClinicsPage }),
  },
  {
    path: 'plans',
    title: (t) => t('plan.operator.title'),
    Icon: IconCreditCard,
    page: async () => ({ Component: (await import('./PlansPage.tsx')).PlansPage }),
  },
  {
    path: 'people',
    title: (t) => t('people.operators.title'),
    Icon: IconUsers,
    page: async () => ({ Component: (await import('../staff/OperatorsPage.tsx')).OperatorsPage }),
  },
  {
    path: 'cost',
    title: (t) => t('operator.cost.title'),
    Icon: IconReceiptDollar,
    page: async () => ({ Component: (await import('./CostPage.tsx')).CostPage }),
  },
  {
    path: 'reports',
    title: (t) => t('reports.title'),
    Icon: IconBug,
    page: async () => ({ Component: (await import('./ReportsPage.tsx')).ReportsPage }),
  },
  {
    path: 'status',
    title: (t) => t('statusPage.title'),
    Icon: IconActivityHeartbeat,
    page: async () => ({ Component: (await import('./StatusPage.tsx')).StatusPage }),
  },
];
