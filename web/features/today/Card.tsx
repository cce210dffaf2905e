import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './today.module.css';

interface CardProps {
  readonly title: string;
  readonly count?: ReactNode;
  /** Where all of it is, and how the link says so. */
  readonly to?: string;
  readonly toText?: string;
  readonly children: ReactNode;
}

export function Card({ title, count, to, toText, children }: CardProps) {
  return (
    <section className={classes.card} aria-label={title}>
      <header className={classes.head}>
        <h2>{title}</h2>
        {count !== undefined && <span className={classes.count}>{count}</span>}
        {to && (
          <Anchor component={Link} to={to} size="sm" aria-label={`${toText}: ${title}`}>
            {toText}
          </Anchor>
        )}
      </header>
      {children}
    </section>
  );
}
