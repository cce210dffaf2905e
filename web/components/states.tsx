import { Button, Skeleton, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Say, useSay } from '../i18n/index.ts';
import { ApiError } from '../lib/api.ts';
import classes from './states.module.css';

/** The server's name of the plainest refusal. */
const NO_RIGHT = 'role-forbids';

/** What happened, what is safe, what to do next: never "something went wrong". */
export function errorWords(error: Error, { t, fault }: Say): { title: string; next: string; again: boolean } {
  const status = error instanceof ApiError ? error.status : undefined;
  const said = error instanceof ApiError ? error.issues.map(fault).filter(Boolean).join(' ') : '';
  if (status === 0) return { title: t('errors.unreachable'), next: t('errors.unreachableNext'), again: true };
  if (status === 401) return { title: t('errors.signedOut'), next: t('errors.signedOutNext'), again: false };
  if (error instanceof ApiError && error.issues.some(({ code }) => code === 'suppressed'))
    return { title: t('errors.suspended'), next: t('errors.suspendedNext'), again: false };
  // Not the role, but what the clinic's plan or the state of the thing allows: only the server's words say which.
  if (error instanceof ApiError && status === 403 && error.issues.some(({ name = NO_RIGHT }) => name !== NO_RIGHT))
    return { title: t('errors.refused'), next: said, again: false };
  if (status === 403) return { title: t('errors.forbidden'), next: t('errors.forbiddenNext'), again: false };
  if (status === 404 || status === 410) return { title: t('errors.notFound'), next: t('errors.notFoundNext'), again: false };
  if (status === 409 || status === 412) return { title: t('errors.conflict'), next: t('errors.conflictNext'), again: false };
  if (status === 429) return { title: t('errors.busy'), next: t('errors.busyNext'), again: true };
  if (status === 400 || status === 422)
    return { title: t('errors.refused'), next: said || t('errors.refusedNext'), again: false };
  return { title: t('errors.server'), next: t('errors.serverNext'), again: true };
}

export function ErrorState({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const say = useSay();
  const words = errorWords(error, say);
  return (
    <div className={classes.state} role="alert">
      <IconAlertTriangle size={18} aria-hidden className={classes.warning} />
      <div>
        <Text fw={600}>{words.title}</Text>
        <Text c="dimmed">{words.next}</Text>
        {words.again && (
          <Button size="xs" variant="default" mt="xs" onClick={onRetry}>
            {say.t('common.tryAgain')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** What belongs here, and the first action where there is one. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <Text c="dimmed">{title}</Text>
      {children}
    </div>
  );
}

/** Grey lines of the height that the real ones will have, with the word "Loading" for those who hear the screen. */
export function LoadingLines({ lines, label, height = 20 }: { lines: number; label: string; height?: number }) {
  return (
    <div className={classes.lines} role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={`line-${String(index)}`} height={height} width={`${90 - ((index * 17) % 40)}%`} radius={4} />
      ))}
    </div>
  );
}
