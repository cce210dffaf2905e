import { useQuery } from '@tanstack/react-query';
import type { ListCount } from '../../schemas/task-requests.ts';
import { useSay } from '../i18n/index.ts';
import { countsQuery, countText } from '../lib/tasks.ts';
import { useTenant } from '../lib/tenant.tsx';
import classes from './Frame.module.css';
import { RailBar } from './RailBar.tsx';
import { placesOf, type RailPlace } from './rail.ts';

/** Where one can go in a clinic, each with what waits there. */
export function Rail() {
  const { t } = useSay();
  const tenant = useTenant();
  const { slug, api, may } = tenant;
  const counts = useQuery({ ...countsQuery(api), enabled: may('Task', 'search') });
  return (
    <RailBar
      places={placesOf(tenant).map((place) => ({
        id: place.id,
        to: place.to(slug),
        label: t(place.label),
        Icon: place.icon,
        waiting: <Waiting place={place} count={place.badge && counts.data?.[place.badge]} />,
      }))}
    />
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
