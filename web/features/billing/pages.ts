import type { ComponentType } from 'react';
import { bring } from '../../i18n/index.ts';
import type { BillingSection } from './sections.ts';

/** The page of each section: beside the list of them, so that a rail loads names and no pages. */
export const BILLING_PAGES: Record<BillingSection['path'], () => Promise<{ readonly Component: ComponentType }>> = {
  unbilled: async () => ({ Component: (await bring(() => import('./UnbilledPage.tsx'), 'billing', 'pages')).UnbilledPage }),
  invoices: async () => ({ Component: (await bring(() => import('./InvoicesPage.tsx'), 'billing', 'pages')).InvoicesPage }),
  payments: async () => ({ Component: (await bring(() => import('./PaymentsPage.tsx'), 'billing', 'pages')).PaymentsPage }),
};
