import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Say, useSay } from '../i18n/index.ts';
import { addresses } from '../lib/addresses.ts';
import { type KeptDraft, keptDrafts } from '../lib/kept-drafts.ts';
import { useSession } from '../lib/session.tsx';
import classes from './KeptDrafts.module.css';

const KNOWN = ['allergy', 'blood-pressure', 'patient'] as const;
const nameOf = ({ form }: KeptDraft, { t }: Say): string => {
  const known = KNOWN.find((name) => form.split(':')[0] === name);
  return t(`kept.${known ?? 'other'}`);
};
/** Where the form is; undefined for a form that this list does not know: its text can be copied all the same. */
const addressOf = ({ tenant, patient, form }: KeptDraft): string | undefined =>
  form === 'patient'
    ? addresses.newPatient(tenant)
    : KNOWN.some((name) => form.split(':')[0] === name)
      ? `${addresses.chart(tenant, patient)}?write=${form.replace(':', '/')}`
      : undefined;

/** What was typed; a code that was chosen from a list is no loss, and most were there before. */
const textOf = ({ values }: KeptDraft, { known }: Say): string => values.filter((value) => !known('codes', value)).join('\n');

/** What has been typed in this tab and not saved, each with the way to its form. Nothing is drawn where there is nothing. */
export function KeptDrafts({ onOpen }: { onOpen?: () => void }) {
  const say = useSay();
  const { userId } = useSession();
  const [copied, setCopied] = useState<string>();
  const drafts = keptDrafts(userId, sessionStorage);
  if (drafts.length === 0) return null;
  const copy = async (draft: KeptDraft) => {
    await navigator.clipboard.writeText(textOf(draft, say));
    setCopied(draft.storageKey);
  };
  return (
    <section className={classes.kept} aria-label={say.t('kept.title')}>
      <h2 className={classes.title}>{say.t('kept.title')}</h2>
      <ul className={classes.list}>
        {drafts.map((draft) => {
          const address = addressOf(draft);
          return (
            <li key={draft.storageKey} className={classes.draft}>
              <span className={classes.name}>{nameOf(draft, say)}</span>
              <span className={classes.text}>{textOf(draft, say)}</span>
              <span className={classes.actions}>
                {address && (
                  // A full load, not a step of the router: it may be the router's screen that broke.
                  <Button component="a" href={address} size="compact-sm" variant="default" onClick={onOpen}>
                    {say.t('kept.open')}
                  </Button>
                )}
                <Button size="compact-sm" variant="subtle" onClick={() => void copy(draft)}>
                  {copied === draft.storageKey ? say.t('kept.copied') : say.t('kept.copy')}
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
