import { Autocomplete, Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { NoteItem } from '../../../schemas/note-template.ts';
import { useSay } from '../../i18n/index.ts';
import { ALLERGENS, findAllergen } from '../record/allergens.ts';
import type { Entry } from './note-typed.ts';
import { PROBLEM_NAMES, problemCoding } from './problem-codes.ts';
import { type Slash, slashAt, withoutSlash } from './slash.ts';
import classes from './visit.module.css';

interface NoteFieldProps {
  id: string;
  item: NoteItem;
  /** All of the note: what a command can go to. */
  items: readonly NoteItem[];
  entries: readonly Entry[];
  readOnly: boolean;
  /** What is typed is no answer to this question. */
  isUnreadable: boolean;
  onChange: (entries: readonly Entry[]) => void;
  onCommand: (command: string) => void;
  onAdd: (linkId: string, entry: Entry) => void;
  /** The answer of the last note, if it may be taken over. */
  carry?: { readonly from: string; readonly text: string; readonly use: () => void };
}

/** One question of the note, by its kind. */
export function NoteField(props: NoteFieldProps) {
  const { item, id, entries, readOnly, isUnreadable, onChange, carry } = props;
  const { t } = useSay();
  const text = entries[0]?.text ?? '';
  const set = (value: string) => onChange(value === '' ? [] : [{ text: value }]);
  const shared = { id, label: item.text, value: text, readOnly };
  return (
    <>
      {item.kind === 'text' && <TextAnswer {...props} />}
      {(item.kind === 'problems' || item.kind === 'allergies') && <CommandAnswers {...props} />}
      {item.kind === 'number' && (
        <TextInput
          {...shared}
          inputMode="decimal"
          error={isUnreadable && t('visit.writing.notANumber')}
          rightSection={item.unit?.display ?? item.unit?.code}
          rightSectionWidth={60}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )}
      {item.kind === 'date' && <TextInput {...shared} type="date" onChange={(event) => set(event.currentTarget.value)} />}
      {item.kind === 'yes-no' && (
        <NativeSelect
          {...shared}
          disabled={readOnly}
          data={[
            { value: '', label: t('common.notRecorded') },
            { value: 'true', label: t('visit.writing.yes') },
            { value: 'false', label: t('visit.writing.no') },
          ]}
          onChange={(event) => set(event.currentTarget.value)}
        />
      )}
      {item.kind === 'choice' && (
        <NativeSelect
          id={id}
          label={item.text}
          disabled={readOnly}
          value={entries[0]?.coding?.code ?? ''}
          data={[
            { value: '', label: t('common.notRecorded') },
            ...(item.options ?? []).map(({ code = '', display }) => ({ value: code, label: display ?? code })),
          ]}
          onChange={(event) => {
            const coding = item.options?.find(({ code }) => code === event.currentTarget.value);
            onChange(coding ? [{ text: coding.display ?? coding.code ?? '', coding }] : []);
          }}
        />
      )}
      {carry && (
        <div className={classes.carry}>
          <Button size="compact-xs" variant="subtle" onClick={carry.use}>
            {t('visit.writing.carry')}
          </Button>
          <span className={classes.carryText} title={carry.text}>
            {t('visit.writing.carryFrom', { date: carry.from, text: carry.text })}
          </span>
        </div>
      )}
    </>
  );
}

interface Choice {
  readonly name: string;
  readonly hint: string;
  /** The question that it goes to, or "vitals". */
  readonly target: string;
  /** It takes what is typed after it as an answer of its question. */
  readonly adds: boolean;
}

function TextAnswer({ id, item, items, entries, readOnly, onChange, onCommand, onAdd }: NoteFieldProps) {
  const { t } = useSay();
  const list = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [slash, setSlash] = useState<Slash>();
  const [at, setAt] = useState(0);
  const text = entries[0]?.text ?? '';

  const all: Choice[] = [
    ...items
      .filter(({ kind }) => kind === 'problems' || kind === 'allergies')
      .map(({ kind, linkId }) => ({
        name: t(`visit.command.${kind as 'problems' | 'allergies'}`),
        hint: t(`visit.commandHint.${kind as 'problems' | 'allergies'}`),
        target: linkId,
        adds: true,
      })),
    { name: t('visit.command.vitals'), hint: t('visit.commandHint.vitals'), target: 'vitals', adds: false },
    ...items
      .filter(({ kind, linkId }) => kind === 'text' && linkId !== item.linkId)
      .map((other) => ({
        name: other.text.toLowerCase().split(/[\s,]+/)[0] ?? other.text.toLowerCase(),
        hint: t('visit.commandHint.jump', { to: other.text }),
        target: other.linkId,
        adds: false,
      })),
  ];
  const choices = slash ? all.filter(({ name }) => name.startsWith(slash.name)) : [];
  const open = choices.length > 0;
  const current = choices[Math.min(at, choices.length - 1)];

  const look = (value: string, caret: number | null) => {
    setSlash(caret === null ? undefined : slashAt(value, caret));
    setAt(0);
  };
  const set = (value: string) => onChange(value === '' ? [] : [{ text: value }]);
  const run = (choice: Choice) => {
    if (!slash) return;
    set(withoutSlash(text, slash));
    setSlash(undefined);
    if (choice.adds && slash.argument !== '') {
      const target = items.find(({ linkId }) => linkId === choice.target);
      onAdd(choice.target, entryOf(target?.kind === 'problems' ? 'problems' : 'allergies', slash.argument));
    } else onCommand(choice.target);
  };
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (!open || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((choices.length + at + (event.key === 'ArrowDown' ? 1 : -1)) % choices.length);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && current) {
      event.preventDefault();
      run(current);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      setSlash(undefined);
    }
  };
  return (
    <div className={classes.withCommands}>
      <Textarea
        id={id}
        ref={field}
        label={item.text}
        placeholder={t('visit.writing.hint')}
        autosize
        minRows={2}
        value={text}
        readOnly={readOnly}
        // A text field may point into a list; only a combobox may say that one is open (ARIA 1.2).
        aria-autocomplete="list"
        aria-controls={open ? list : undefined}
        aria-activedescendant={open && current ? `${list}-${current.target}` : undefined}
        onChange={(event) => {
          set(event.currentTarget.value);
          look(event.currentTarget.value, event.currentTarget.selectionStart);
        }}
        onKeyDown={onKey}
        onBlur={() => setSlash(undefined)}
      />
      {open && (
        <div id={list} role="listbox" aria-label={t('visit.writing.commands')} className={classes.commands}>
          {choices.map((choice) => (
            <div
              key={choice.target}
              id={`${list}-${choice.target}`}
              role="option"
              aria-selected={choice === current}
              tabIndex={-1}
              className={classes.command}
              onMouseDown={(event) => {
                event.preventDefault(); // the field keeps the caret
                run(choice);
              }}
            >
              <strong>/{choice.name}</strong> <span>{choice.hint}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** What is typed as an answer with its code, where the list has one. */
function entryOf(kind: 'problems' | 'allergies', text: string): Entry {
  if (kind === 'problems') {
    const coding = problemCoding(text);
    return { text: coding?.display ?? text, ...(coding && { coding }) };
  }
  const known = findAllergen(text);
  const coding = known?.rxnorm && {
    system: 'http://www.nlm.nih.gov/research/umls/rxnorm',
    code: known.rxnorm,
    display: known.name,
  };
  return { text: known?.name ?? text, ...(coding && { coding }) };
}

/** Problems or allergies: each is an answer of its own, and becomes a record when the note is signed. */
function CommandAnswers({ id, item, entries, readOnly, onChange }: NoteFieldProps) {
  const { t } = useSay();
  const [text, setText] = useState('');
  const kind = item.kind === 'problems' ? 'problems' : 'allergies';
  const add = (value: string) => {
    if (value.trim() === '') return;
    onChange([...entries, entryOf(kind, value.trim())]);
    setText('');
  };
  return (
    <div>
      <Autocomplete
        id={id}
        label={item.text}
        description={t('visit.writing.becomes')}
        data={kind === 'problems' ? [...PROBLEM_NAMES] : ALLERGENS.map(({ name }) => name)}
        limit={8}
        value={text}
        readOnly={readOnly}
        onChange={setText}
        onOptionSubmit={(value) => {
          add(value);
          // Mantine writes the chosen option into the field after this.
          queueMicrotask(() => setText(''));
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
          event.preventDefault();
          add(text);
        }}
        onBlur={() => add(text)}
      />
      {entries.length > 0 && (
        <ul className={classes.chips}>
          {entries.map((entry, index) => (
            <li key={`${entry.text}-${String(index)}`} className={classes.chip}>
              <span>{entry.text}</span>
              {entry.coding?.code && <span className={classes.quiet}>{entry.coding.code}</span>}
              <button
                type="button"
                className={classes.out}
                aria-label={t('visit.writing.remove', { what: entry.text })}
                disabled={readOnly}
                onClick={() => onChange(entries.filter((_, other) => other !== index))}
              >
                <IconX size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
