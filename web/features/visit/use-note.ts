import type { QuestionnaireResponse } from 'fhir/r4';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { NoteItem } from '../../../schemas/note-template.ts';
import { type Api, ApiError, type Kept } from '../../lib/api.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { dropNote, keepNote, keptNotes, thisTab } from '../../lib/note-store.ts';
import type { Owner } from '../../lib/remembered.ts';
import { type Clash, isSame, merged, type NoteTyped, typedOf, unreadable, withAnswer, without, withTyped } from './note-typed.ts';

type Draft = Kept<QuestionnaireResponse>;

/** Where the typed text is at this moment. `signed`: somebody has signed the note meanwhile; what was typed after that is kept here. */
export type SavedState =
  | { readonly kind: 'saved'; readonly atMs?: number }
  | { readonly kind: 'saving' }
  | { readonly kind: 'here-only' }
  /** Two texts, of which a person has to choose. */
  | { readonly kind: 'undecided' }
  /** All is saved but an answer that is none. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'refused'; readonly error: ApiError }
  | { readonly kind: 'signed' };

/** After the last keystroke, and after the first that is not saved: together with the way there below two seconds. */
const REST_MS = 600;
const LONGEST_MS = 1_400;
/** A browser that does not say what it has kept: the note is opened without, and what it says later still comes in. */
const LOOKING_MS = 3_000;
/** What may be otherwise in a moment, by itself: no connection, no session, too many requests. What else the server says of a text stays so. */
const isPassing = (status: number): boolean =>
  status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
/** Between two tries to reach the server. */
const AGAIN_MS = 4_000;

interface Server {
  readonly draft: Draft;
  readonly typed: NoteTyped;
}

/**
 * A note as it is written. Every keystroke is in this browser at once (web/lib/note-store.ts) and on the server within two seconds. A version
 * that somebody else saved meanwhile is merged question by question; what both changed is a clash that a person decides.
 */
export function useNote({ api, owner, note, items }: { api: Api; owner: Owner; note: Draft; items: readonly NoteItem[] }) {
  const tab = useRef('');
  const of = useMemo(() => ({ user: owner.user, tenant: owner.tenant, note: note.id }), [owner.user, owner.tenant, note.id]);
  const server = useRef<Server>({ draft: note, typed: typedOf(note) });
  const [typed, setTyped] = useState(server.current.typed);
  const latest = useRef(typed);
  const [clashes, setClashes] = useState<readonly Clash[]>([]);
  const open = useRef(clashes);
  const [state, setState] = useState<SavedState>({ kind: 'saved' });
  const [restored, setRestored] = useState<boolean>();
  /** Whether this browser has what is on the screen. */
  const [isKept, setKept] = useState(true);
  /** Rows of other tabs whose text is in mine now: they go once mine is saved. */
  const taken = useRef<string[]>([]);
  const running = useRef<Promise<void>>(undefined);
  const timer = useRef<number>(undefined);
  const unsavedSince = useRef<number>(undefined);
  const attempt = useAttempt();
  /** The screen is left: one last save, and no more tries that nobody would see. */
  const gone = useRef(false);

  const show = useCallback(
    (next: NoteTyped, found: readonly Clash[] = open.current) => {
      latest.current = next;
      open.current = found;
      setTyped(next);
      setClashes(found);
      const { draft, typed: base } = server.current;
      if (isSame(next, base)) return void dropNote({ ...of, tab: tab.current }).catch(() => undefined);
      const version = Number(draft.meta.versionId);
      void keepNote({ ...of, tab: tab.current, typed: next, base: { version, typed: base }, at: Date.now() }).then(
        () => setKept(true),
        () => setKept(false), // refused, or full
      );
    },
    [of],
  );

  /** Somebody saved meanwhile: what they wrote comes into what I typed. */
  const takeIn = useCallback(
    (theirs: Draft) => {
      const base = server.current.typed;
      server.current = { draft: theirs, typed: typedOf(theirs) };
      const together = merged(base, latest.current, server.current.typed, items);
      const others = open.current.filter(({ linkId }) => !together.clashes.some((one) => one.linkId === linkId));
      show(together.typed, [...others, ...together.clashes]);
    },
    [items, show],
  );

  const saveOnce = useCallback(async (): Promise<'again' | 'done' | 'later'> => {
    const sent = latest.current;
    const { draft, typed: base } = server.current;
    if (open.current.length > 0) {
      setState({ kind: 'undecided' });
      return 'done';
    }
    if (isSame(sent, base)) {
      setState((before) => (before.kind === 'saved' ? before : { kind: 'saved', atMs: Date.now() }));
      return 'done';
    }
    const bad = unreadable(sent, items);
    if (bad.length > 0 && isSame(without(sent, bad), base)) {
      setState({ kind: 'unreadable' });
      return 'done';
    }
    setState({ kind: 'saving' });
    const next = withTyped(draft, sent, items);
    try {
      const stored = await api.update<QuestionnaireResponse>(next, attempt(next));
      // What is no answer is not there, and stays here.
      server.current = { draft: stored, typed: without(sent, bad) };
      for (const other of taken.current.splice(0)) void dropNote({ ...of, tab: other }).catch(() => undefined);
      unsavedSince.current = undefined;
      show(latest.current);
      setState(bad.length > 0 ? { kind: 'unreadable' } : { kind: 'saved', atMs: Date.now() });
      return isSame(latest.current, sent) ? 'done' : 'again';
    } catch (error) {
      if (!(error instanceof ApiError)) {
        setState({ kind: 'here-only' });
        throw error;
      }
      if (error.status === 412 || error.status === 409 || error.status === 422) {
        const theirs = await api.read<QuestionnaireResponse>('QuestionnaireResponse', draft.id).catch(() => undefined);
        if (theirs?.status === 'completed' || theirs?.status === 'entered-in-error') {
          setState({ kind: 'signed' });
          return 'done';
        }
        if (theirs && theirs.meta.versionId !== draft.meta.versionId) {
          takeIn(theirs);
          return 'again'; // which waits while there is something to decide
        }
      }
      if (!isPassing(error.status) && error.status !== 409 && error.status !== 412) {
        setState({ kind: 'refused', error });
        return 'done';
      }
      setState({ kind: 'here-only' });
      return 'later';
    }
  }, [api, items, of, show, takeIn, attempt]);

  /** Saves until nothing is left to save, one request at a time. */
  const save = useCallback((): Promise<void> => {
    window.clearTimeout(timer.current);
    running.current ??= (async () => {
      let outcome = await saveOnce();
      while (outcome === 'again') outcome = await saveOnce();
      if (outcome === 'later' && !gone.current) timer.current = window.setTimeout(() => void save(), AGAIN_MS);
    })().finally(() => {
      running.current = undefined;
    });
    return running.current;
  }, [saveOnce]);

  /** `next` is made of what is typed at that moment: two changes in one event both stand. */
  const change = useCallback(
    (next: (before: NoteTyped) => NoteTyped) => {
      show(next(latest.current));
      unsavedSince.current ??= Date.now();
      const left = Math.max(0, unsavedSince.current + LONGEST_MS - Date.now());
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => void save(), Math.min(REST_MS, left));
    },
    [save, show],
  );

  /** A clash is decided: its question has this answer now. */
  const settle = useCallback(
    (linkId: string, entries: readonly { text: string }[]) => {
      open.current = open.current.filter((clash) => clash.linkId !== linkId);
      change((before) => withAnswer(before, linkId, entries));
    },
    [change],
  );

  // What was typed before and never reached the server, in this tab or in one that is gone.
  useEffect(() => {
    let left = false;
    gone.current = false;
    const bringBack = async () => {
      tab.current = await thisTab(sessionStorage);
      const rows = await keptNotes<NoteTyped>(of).catch(() => []);
      if (left) return;
      let together = { typed: latest.current, clashes: open.current };
      for (const row of rows) {
        const next = merged(row.base.typed, row.typed, together.typed, items);
        together = {
          typed: next.typed,
          clashes: [
            ...together.clashes.filter(({ linkId }) => !next.clashes.some((one) => one.linkId === linkId)),
            ...next.clashes,
          ],
        };
        if (row.tab !== tab.current) taken.current.push(row.tab);
      }
      setRestored(rows.length > 0);
      if (rows.length === 0) return;
      show(together.typed, together.clashes);
      void save();
    };
    void bringBack();
    const waited = window.setTimeout(() => setRestored((known) => known ?? false), LOOKING_MS);
    const back = () => void save();
    window.addEventListener('online', back);
    // Whoever looks at another window, or closes this one, leaves their last words on the server.
    document.addEventListener('visibilitychange', back);
    return () => {
      left = true;
      gone.current = true;
      window.removeEventListener('online', back);
      document.removeEventListener('visibilitychange', back);
      window.clearTimeout(waited);
      window.clearTimeout(timer.current);
      void save(); // whoever walks away leaves nothing unsaved behind
    };
  }, [of, items, show, save]);

  const isNowhere = !isKept && (state.kind === 'here-only' || state.kind === 'refused' || state.kind === 'undecided');
  useEffect(() => {
    if (!isNowhere) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [isNowhere]);

  return {
    typed,
    change,
    clashes,
    settle,
    state,
    /** What is on the screen is on the screen only. */
    isNowhere,
    /** Undefined until this browser has been asked. */
    restored,
    /** Saves what is left and answers the version to sign; undefined while something stands in its way. */
    saved: useCallback(async (): Promise<number | undefined> => {
      await save();
      if (!isSame(latest.current, server.current.typed)) await save(); // a keystroke came while the last save was ending
      const { draft, typed: base } = server.current;
      return open.current.length === 0 && isSame(latest.current, base) ? Number(draft.meta.versionId) : undefined;
    }, [save]),
  };
}
