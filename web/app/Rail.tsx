import { Menu, UnstyledButton } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { NavLink, useNavigate } from 'react-router';
import type { ListCount } from '../../schemas/task-requests.ts';
import { useSay } from '../i18n/index.ts';
import { countsQuery, countText } from '../lib/tasks.ts';
import { useTenant } from '../lib/tenant.tsx';
import classes from './Frame.module.css';
import { RAIL, type RailPlace } from './rail.ts';

/** Places that a telephone's bar holds beside "More". */
const ON_A_PHONE = 4;

/** Where one can go, each with what waits there. */
export function Rail() {
  const { t } = useSay();
  const tenant = useTenant();
  const navigate = useNavigate();
  const { slug, api, may } = tenant;
  const counts = useQuery({ ...countsQuery(api), enabled: may('Task', 'search') });
  const places = RAIL.filter(({ shown }) => shown(tenant));
  const rest = places.length > ON_A_PHONE + 1 ? places.slice(ON_A_PHONE) : [];
  return (
    <nav className={classes.rail} aria-label={t('frame.navigation')}>
      {places.map((place) => (
        <NavLink
          key={place.id}
          to={place.to(slug)}
          className={rest.includes(place) ? `${classes.place} ${classes.wideOnly}` : (classes.place ?? '')}
        >
          <place.icon size={20} aria-hidden />
          <span>{t(place.label)}</span>
          <Waiting place={place} count={place.badge && counts.data?.[place.badge]} />
        </NavLink>
      ))}
      {rest.length > 0 && (
        <Menu position="top-end">
          <Menu.Target>
            <UnstyledButton className={`${classes.place} ${classes.phoneOnly}`}>
              <IconDots size={20} aria-hidden />
              <span>{t('places.more')}</span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map(({ id, to, label, icon: PlaceIcon }) => (
              <Menu.Item key={id} leftSection={<PlaceIcon size={18} aria-hidden />} onClick={() => void navigate(to(slug))}>
                {t(label)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </nav>
  );
}

function Waiting({ place, count }: { place: RailPlace; count: ListCount | undefined }) {
  const { t } = useSay();
  if (!count || count.count === 0) return null;
  const shown = count.count > 99 ? '99+' : countText(count, t);
  return (
    <b className={classes.waiting} data-badge={place.id} data-overdue={count.overdue > 0 || undefined}>
      <span aria-hidden>{shown}</span>
      <span className={classes.heard}>{t('places.badge', { count: count.count, overdue: count.overdue })}</span>
    </b>
  );
}
