import {
  IconActivityHeartbeat,
  IconBug,
  IconBuildingHospital,
  IconCloudX,
  IconCreditCard,
  IconFileInvoice,
  IconReceiptDollar,
  IconUsers,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { useSay } from '../../i18n/index.ts';
import type { OperatorSection } from './sections.ts';

interface Entry {
  readonly title: (t: ReturnType<typeof useSay>['t']) => string;
  readonly Icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
}

/** How the rail shows each section: beside the list of them, which the routes read, so that nobody else loads the icons. */
export const OPERATOR_RAIL: Record<OperatorSection['path'], Entry> = {
  clinics: { title: (t) => t('operator.clinics.title'), Icon: IconBuildingHospital },
  plans: { title: (t) => t('plan.operator.title'), Icon: IconCreditCard },
  invoices: { title: (t) => t('plan.operator.invoices'), Icon: IconFileInvoice },
  events: { title: (t) => t('plan.events.rail'), Icon: IconCloudX },
  people: { title: (t) => t('people.operators.title'), Icon: IconUsers },
  cost: { title: (t) => t('operator.cost.title'), Icon: IconReceiptDollar },
  reports: { title: (t) => t('reports.title'), Icon: IconBug },
  status: { title: (t) => t('statusPage.title'), Icon: IconActivityHeartbeat },
};
