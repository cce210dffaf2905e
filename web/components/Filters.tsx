import { Button, Loader, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './filters.module.css';

/** What a list is narrowed by, above it. */
export function Filters({ label, children }: { label: string; children: ReactNode }) {
  return (
    <search className={classes.filters} aria-label={label}>
      {children}
    </search>
  );
}

interface DaySpanProps {
  readonly from: string;
  readonly to: string;
  readonly labels: { readonly from: string; readonly to: string };
  readonly onChange: (part: { from: string } | { to: string }) => void;
}

/** The first and the last day of what is shown, each within the other. */
export function DaySpan({ from, to, labels, onChange }: DaySpanProps) {
  return (
    <>
      <TextInput
        size="sm"
        type="date"
        label={labels.from}
        value={from}
        max={to || undefined}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        size="sm"
        type="date"
        label={labels.to}
        value={to}
        min={from || undefined}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
    </>
  );
}

interface ListFootProps {
  /** How many are shown. */
  readonly shown: string | undefined;
  /** Older ones are on their way. */
  readonly reading: boolean;
  readonly readingText?: string;
  /** How older ones are asked for, where there are any. */
  readonly older: { readonly label: string; readonly read: () => void } | undefined;
}

/** Below a list that is read piece by piece: how much of it is here, and the way to the rest. */
export function ListFoot({ shown, reading, readingText, older }: ListFootProps) {
  return (
    <div className={classes.foot} role="status">
      {shown !== undefined && <Text c="dimmed">{shown}</Text>}
      {reading && (
        <>
          <Loader size="xs" aria-hidden /> {readingText && <Text c="dimmed">{readingText}</Text>}
        </>
      )}
      {older && !reading && (
        <Button size="xs" variant="default" onClick={older.read}>
          {older.label}
        </Button>
      )}
    </div>
  );
}
