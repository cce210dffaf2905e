import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { errorWords } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { ApiError } from '../../lib/api.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import classes from './portal.module.css';

/** The page's name, on the page and in the browser's tab. `tab`: what the tab says where the page's own name says whose it is, or of what. */
export function PageTitle({ tab, children }: { tab?: string; children: string }) {
  usePageTitle(tab ?? children);
  return <h1 className={classes.title}>{children}</h1>;
}

export function BackLink({ to }: { to: string }) {
  const { t } = useSay();
  return (
    <Link to={to} className={classes.back}>
      <IconChevronLeft size={20} aria-hidden /> {t('portal.back')}
    </Link>
  );
}

export const Quiet = ({ children }: { children: ReactNode }) => <p className={classes.quiet}>{children}</p>;

/** Why something was not done, in the server's own words where it has some for a person. */
export function Refusal({ error }: { error: Error | null }) {
  const say = useSay();
  if (!error) return null;
  const said = error instanceof ApiError ? error.issues.map(say.fault).filter(Boolean).join(' ') : '';
  const { title, next } = errorWords(error, say);
  const isTold = said && error instanceof ApiError && error.status < 500 && error.status > 0;
  return (
    <p className={classes.notice} role="alert">
      {isTold ? said : `${title} ${next}`}
    </p>
  );
}
