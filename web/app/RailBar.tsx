import { Menu, UnstyledButton } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { Link, NavLink, useLocation } from 'react-router';
import { useSay } from '../i18n/index.ts';
import classes from './Frame.module.css';

/** Places that a telephone's bar holds beside "More". */
const ON_A_PHONE = 4;

export interface BarPlace {
  readonly id: string;
  readonly to: string;
  readonly label: string;
  readonly Icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
  /** What waits there. */
  readonly waiting?: ReactNode;
}

/** Where one can go: a rail at the side; on a telephone a bar at the foot, with what has no room in it behind "More". */
export function RailBar({ places }: { places: readonly BarPlace[] }) {
  const { t } = useSay();
  const { pathname } = useLocation();
  const rest = places.length > ON_A_PHONE + 1 ? places.slice(ON_A_PHONE) : [];
  const isInRest = rest.some(({ to }) => `${pathname}/`.startsWith(`${to}/`));
  return (
    <nav className={classes.rail} aria-label={t('frame.navigation')}>
      {places.map((place) => (
        <NavLink
          key={place.id}
          to={place.to}
          className={rest.includes(place) ? `${classes.place} ${classes.wideOnly}` : (classes.place ?? '')}
        >
          <place.Icon size={20} aria-hidden />
          <span>{place.label}</span>
          {place.waiting}
        </NavLink>
      ))}
      {rest.length > 0 && (
        <Menu position="top-end">
          <Menu.Target>
            <UnstyledButton className={`${classes.place} ${classes.phoneOnly}`} data-current={isInRest || undefined}>
              <IconDots size={20} aria-hidden />
              <span>{t('places.more')}</span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map(({ id, to, label, Icon }) => (
              <Menu.Item key={id} component={Link} to={to} leftSection={<Icon size={18} aria-hidden />}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </nav>
  );
}
