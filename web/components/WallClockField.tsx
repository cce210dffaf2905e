import { NativeSelect, TextInput, type TextInputProps } from '@mantine/core';
import { useSay } from '../i18n/index.ts';
import { hourWithZone, momentsOf, shownOf } from '../lib/wall-clock.ts';

interface WallClockFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'type'> {
  /** What the clock shows, "2026-11-01T01:30"; with its offset where it has been said which of two it is. */
  readonly value: string;
  readonly timeZone: string;
  readonly onChange: (value: string) => void;
}

/** A date and time by the clock of a place. In the hour that comes twice, a second field asks which one is meant: nothing is guessed. */
export function WallClockField({ value, timeZone, onChange, ...input }: WallClockFieldProps) {
  const { t, locale } = useSay();
  const moments = momentsOf(value, timeZone);
  return (
    <>
      <TextInput
        {...input}
        type="datetime-local"
        value={shownOf(value)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {moments.length > 1 && (
        <NativeSelect
          label={t('form.whichOne')}
          required
          value={value}
          data={[
            ...(value.length === 16 ? [{ value, label: '' }] : []),
            ...moments.map((at) => ({ value: shownOf(at) + at.slice(19), label: hourWithZone(at, { ...locale, timeZone }) })),
          ]}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </>
  );
}
