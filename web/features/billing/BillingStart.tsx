import { Navigate } from 'react-router';
import { useTenant } from '../../lib/tenant.tsx';
import { permittedBilling } from './sections.ts';

/** The address without a list: the first one that is permitted. */
export function BillingStart() {
  const { may } = useTenant();
  const [first] = permittedBilling(may);
  return first ? <Navigate to={first.path} replace /> : null;
}
