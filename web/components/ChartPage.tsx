import { Anchor } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { usePageTitle } from '../lib/page-title.ts';
import { useTenant } from '../lib/tenant.tsx';
import classes from './ChartPage.module.css';

/** A page inside a chart: the way back to the overview, what it is, and what can be done there. */
export function ChartPage({
  title,
  action,
  flush = false,
  children,
}: {
  title: string;
  action?: ReactNode;
  /** Of a list: on a phone its lines reach from edge to edge. */
  flush?: boolean;
  children: ReactNode;
}) {
  const { t } = useSay();
  const { id = '' } = useParams();
  const { slug } = useTenant();
  usePageTitle(title);
  return (
    <div className={classes.page} data-flush={flush || undefined}>
      <header className={classes.head}>
        <Anchor component={Link} to={addresses.chart(slug, id)} className={classes.back}>
          <IconChevronLeft size={16} aria-hidden /> {t('chart.overview')}
        </Anchor>
        <h2 className={classes.title}>{title}</h2>
        {action}
      </header>
      {children}
    </div>
  );
}
