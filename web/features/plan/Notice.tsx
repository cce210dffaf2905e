import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

/** What somebody ought to know of a plan, `attention` when something has to be done. */
export function Notice({ kind, title, children }: { kind: 'attention' | 'told'; title: string; children: ReactNode }) {
  return (
    <div className={classes[kind]}>
      <strong>{title}</strong>
      <Text>{children}</Text>
    </div>
  );
}
