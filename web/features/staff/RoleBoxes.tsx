import { Checkbox } from '@mantine/core';
import { STAFF_ROLES, type StaffRole } from '../../../schemas/people.ts';
import { useSay } from '../../i18n/index.ts';
import classes from './staff.module.css';

/** The roles, each with what it opens. One person may have several. */
export function RoleBoxes({
  value,
  onChange,
  error,
}: {
  value: readonly StaffRole[];
  onChange: (roles: StaffRole[]) => void;
  error?: string | undefined;
}) {
  const { t, word } = useSay();
  return (
    <Checkbox.Group
      label={t('people.staff.roles')}
      value={[...value]}
      onChange={(roles) => onChange(roles as StaffRole[])}
      error={error}
    >
      <div className={classes.roles}>
        {STAFF_ROLES.map((role) => (
          <Checkbox
            key={role}
            value={role}
            label={word('codes', role)}
            description={t(`people.staff.hints.${role as StaffRole}`)}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}
