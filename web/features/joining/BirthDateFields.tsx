import { Input, NativeSelect, TextInput } from '@mantine/core';
import { useSay } from '../../i18n/index.ts';
import classes from './joining.module.css';

export interface TypedBirthDate {
  readonly day: string;
  readonly month: string;
  readonly year: string;
}

/** As FHIR writes it; undefined while it is no whole date. */
export function birthDateOf({ day, month, year }: TypedBirthDate): string | undefined {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isWhole = /^\d{4}$/.test(year.trim()) && at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
  return isWhole ? at.toISOString().slice(0, 10) : undefined;
}

const MONTHS = Array.from({ length: 12 }, (_, index) => index);

/** Day, month and year apart: "5/10/1980" means two days to two readers, and guesses are counted. */
export function BirthDateFields({
  value,
  fault,
  onChange,
}: {
  value: TypedBirthDate;
  fault: string | undefined;
  onChange: (value: TypedBirthDate) => void;
}) {
  const { t, locale } = useSay();
  const nameOf = new Intl.DateTimeFormat(locale.tag, { month: 'long', timeZone: 'UTC' });
  return (
    <fieldset className={classes.birthDate} aria-describedby={fault ? 'birth-date-fault' : undefined}>
      <legend>{t('people.linkPage.birthDate')}</legend>
      <div className={classes.dateParts}>
        <TextInput
          id="birth-date"
          label={t('people.linkPage.day')}
          inputMode="numeric"
          maxLength={2}
          value={value.day}
          error={Boolean(fault)}
          autoComplete="bday-day"
          autoFocus
          onChange={(event) => onChange({ ...value, day: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('people.linkPage.month')}
          data={[
            { value: '', label: '' },
            ...MONTHS.map((month) => ({ value: String(month + 1), label: nameOf.format(Date.UTC(2024, month, 1)) })),
          ]}
          value={value.month}
          error={Boolean(fault)}
          autoComplete="bday-month"
          onChange={(event) => onChange({ ...value, month: event.currentTarget.value })}
        />
        <TextInput
          label={t('people.linkPage.year')}
          inputMode="numeric"
          maxLength={4}
          value={value.year}
          error={Boolean(fault)}
          autoComplete="bday-year"
          onChange={(event) => onChange({ ...value, year: event.currentTarget.value })}
        />
      </div>
      {fault && (
        <Input.Error id="birth-date-fault" role="alert">
          {fault}
        </Input.Error>
      )}
    </fieldset>
  );
}
