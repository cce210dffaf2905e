import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Say } from '../i18n/index.ts';
import { ApiError } from '../lib/api.ts';
import { errorWords } from './states.tsx';

/** How long the way back is offered. */
const UNDO_MS = 10_000;
const DONE_MS = 5_000;

type Words = Pick<Say, 't'>;

/** What was done just now, and for ten seconds the way back. */
export function tellDone({ t }: Words, message: string, undo?: () => void): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    color: 'green',
    closeButtonProps: { 'aria-label': t('common.close') },
    autoClose: undo ? UNDO_MS : DONE_MS,
    message: undo ? (
      <>
        {message}{' '}
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {t('save.undo')}
        </Button>
      </>
    ) : (
      message
    ),
  });
}

/** What was not done and why: it stays until it is read. */
export function tellRefused({ t }: Words, message: string, title?: string): void {
  notifications.show({
    ...(title && { title }),
    message,
    color: 'red',
    autoClose: false,
    closeButtonProps: { 'aria-label': t('common.close') },
  });
}

/** Why something was refused, in words of ours: what happened and what to do next. */
export const errorLine = (say: Say, error: Error): string => {
  const { title, next } = errorWords(error, say);
  return `${title} ${next}`;
};

/** The same, in the server's own words where they say more than ours. */
export function refusalWords(say: Say, error: Error): string {
  if (!(error instanceof ApiError)) return errorLine(say, error);
  const said = error.issues.map(say.fault).filter(Boolean).join(' ');
  return [400, 403, 409, 412, 422, 429, 503].includes(error.status) && said ? said : errorLine(say, error);
}
