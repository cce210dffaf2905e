import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { errorWords } from '../../components/states.tsx';
import type { Say } from '../../i18n/index.ts';
import { ApiError } from '../../lib/api.ts';

const UNDO_MS = 10_000;

/** What was done, for ten seconds with the way back. */
export function tellDone(say: Say, message: string, undo?: () => void): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    color: 'accent',
    closeButtonProps: { 'aria-label': say.t('common.close') },
    autoClose: undo ? UNDO_MS : 5_000,
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
          {say.t('save.undo')}
        </Button>
      </>
    ) : (
      message
    ),
  });
}

/** Why something was refused: the server's own words where they say more than ours. */
export function refusalWords(say: Say, error: Error): string {
  const { title, next } = errorWords(error, say);
  if (!(error instanceof ApiError)) return `${title} ${next}`;
  if (error.status === 429) return say.t('people.signUp.tooOften');
  const said = error.issues.map(say.fault).join(' ');
  return [400, 409, 422, 503].includes(error.status) && said ? said : `${title} ${next}`;
}

export const tellRefused = (say: Say, error: Error): void => {
  notifications.show({
    color: 'red',
    autoClose: false,
    closeButtonProps: { 'aria-label': say.t('common.close') },
    message: refusalWords(say, error),
  });
};
