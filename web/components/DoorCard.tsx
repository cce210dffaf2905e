import type { ReactNode } from 'react';
import { Brand } from './Brand.tsx';
import classes from './DoorCard.module.css';

/** A page before or outside the app: what is asked stands alone in the middle. */
export function DoorCard({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <div className={classes.card} data-wide={wide || undefined}>
        <Brand />
        {children}
      </div>
    </main>
  );
}
