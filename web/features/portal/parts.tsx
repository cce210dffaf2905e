import { IconChevronLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import { useSay } from '../../i18n/index.ts';
import classes from './portal.module.css';

/** The page's name, on the page and in the browser's tab. */
export function PageTitle({ children }: { children: string }) {
  useEffect(() => {
    document.title = children;
  }, [children]);
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
