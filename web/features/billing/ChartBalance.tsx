import { IconReceipt2 } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { formatCents } from '../../lib/money.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './ChartBalance.module.css';
import { usePatientAccount } from './queries.ts';

/** What the patient of this chart owes, for whoever takes money: the balance of their ledger, and the way to it. */
export function ChartBalance() {
  const { t, locale } = useSay();
  const { id = '' } = useParams();
  const { slug } = useTenant();
  const { data, isLoadingError } = usePatientAccount(id);
  const words = (): string => {
    if (isLoadingError) return t('chartLinks.balanceUnknown');
    if (!data) return t('chartLinks.billing');
    const { balanceCents, currency } = data;
    if (balanceCents === 0) return t('chartLinks.balanceNone');
    const amount = formatCents(Math.abs(balanceCents), currency, locale);
    return t(balanceCents > 0 ? 'chartLinks.balance' : 'chartLinks.credit', { amount });
  };
  return (
    <Link to={addresses.patientBilling(slug, id)} className={classes.balance} data-owes={(data?.balanceCents ?? 0) > 0}>
      <IconReceipt2 size={16} aria-hidden />
      <span className={classes.words}>{words()}</span>
    </Link>
  );
}
