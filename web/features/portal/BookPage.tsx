import { IconChevronRight } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { FreeTimes } from './FreeTimes.tsx';
import { isClosed, useVisitTypes } from './online.ts';
import { BackLink, PageTitle, Quiet } from './parts.tsx';
import classes from './portal.module.css';

/** What for, then when: the third tap books. */
export function BookPage() {
  const { t } = useSay();
  const { slug } = useTenant();
  const [query] = useSearchParams();
  const types = useVisitTypes();
  const only = types.data?.length === 1 ? types.data[0] : undefined;
  const chosen = types.data?.find(({ id }) => id === query.get('type')) ?? only;
  return (
    <>
      <BackLink to={addresses.portal(slug, chosen && !only ? 'visits/book' : 'visits')} />
      <PageTitle tab={t('portal.book.title')}>{chosen ? chosen.name : t('portal.book.title')}</PageTitle>
      {types.isPending && <LoadingLines lines={4} height={48} label={t('portal.book.title')} />}
      {isClosed(types.error) && <Quiet>{t('portal.book.closed')}</Quiet>}
      {types.isLoadingError && !isClosed(types.error) && <ErrorState error={types.error} onRetry={() => void types.refetch()} />}
      {types.data?.length === 0 && <Quiet>{t('portal.book.none')}</Quiet>}
      {types.data && types.data.length > 0 && !chosen && (
        <>
          <Quiet>{t('portal.book.what')}</Quiet>
          <ul className={classes.list}>
            {types.data.map(({ id, name, minutes }) => (
              <li key={id}>
                <Link to={`?type=${id}`} className={classes.row}>
                  <span>
                    <strong>{name}</strong>
                    {minutes && (
                      <>
                        <br />
                        <span className={classes.quiet}>{t('portal.book.minutes', { count: minutes })}</span>
                      </>
                    )}
                  </span>
                  <IconChevronRight size={20} aria-hidden />
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      {chosen && <FreeTimes key={chosen.id} type={chosen} />}
    </>
  );
}
