import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { NoteItem } from '../../../schemas/note-template.ts';
import { useSay } from '../../i18n/index.ts';
import { dropNotes, keptNotes } from '../../lib/note-store.ts';
import { useTenant } from '../../lib/tenant.tsx';
import type { NoteTyped } from './note-typed.ts';
import classes from './visit.module.css';

/** What was typed into a note after somebody else had signed it: it is in no record, and must not be lost with the screen. */
export function LeftOver({
  noteId,
  items,
  onTake,
}: {
  noteId: string;
  items: readonly NoteItem[];
  /** Into an addendum. */
  onTake: (text: string) => void;
}) {
  const { t } = useSay();
  const { owner } = useTenant();
  const [text, setText] = useState('');
  const { user, tenant } = owner;
  useEffect(() => {
    const look = async () => {
      const rows = await keptNotes<NoteTyped>({ user, tenant, note: noteId }).catch(() => []);
      const lines = rows.flatMap(({ typed, base }) =>
        items.flatMap(({ linkId, text: title }) => {
          const words = (entries: NoteTyped[string] = []) => entries.map((entry) => entry.text).join(', ');
          const mine = words(typed[linkId]);
          return mine !== '' && mine !== words(base.typed[linkId]) ? [`${title}\n${mine}`] : [];
        }),
      );
      setText([...new Set(lines)].join('\n\n'));
    };
    void look();
  }, [user, tenant, noteId, items]);
  if (text === '') return null;
  const drop = () => {
    void dropNotes({ user, tenant, note: noteId }).catch(() => undefined);
    setText('');
  };
  return (
    <section className={classes.clash} aria-label={t('visit.leftOver.title')}>
      <div role="alert">
        <strong>{t('visit.leftOver.title')}</strong>
        <p>{t('visit.leftOver.text')}</p>
      </div>
      <pre className={classes.noteText}>{text}</pre>
      <div className={classes.choices}>
        <Button
          size="compact-sm"
          onClick={() => {
            onTake(text);
            drop();
          }}
        >
          {t('visit.leftOver.take')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={drop}>
          {t('visit.leftOver.drop')}
        </Button>
      </div>
    </section>
  );
}
