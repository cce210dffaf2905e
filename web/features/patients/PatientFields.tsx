import { NativeSelect, TextInput } from '@mantine/core';
import form from '../../components/form.module.css';
import { useSay } from '../../i18n/index.ts';
import { formatDay } from '../../lib/dates.ts';
import type { PatientTyped } from '../../lib/patient-form.ts';
import { possibleDates } from '../../lib/typed-date.ts';

/** The languages that clinics are asked for most, as BCP 47 codes; whoever speaks another one keeps it from elsewhere. */
const LANGUAGES =
  'en es zh vi tl ko ru ar fr ht pt hi ur fa pl de it ja so am uk ne my km lo hy bn gu pa ta te th tr el he ase'.split(' ');
const SEXES = ['female', 'male', 'other', 'unknown'] as const;

interface PatientFieldsProps {
  typed: PatientTyped;
  set: (change: Partial<PatientTyped>) => void;
  leave: (field: keyof PatientTyped) => void;
  faultText: (field: keyof PatientTyped) => string | undefined;
  monthFirst: boolean;
}

/** Who somebody is and how they are reached: labels above, one column. */
export function PatientFields({ typed, set, leave, faultText, monthFirst }: PatientFieldsProps) {
  const say = useSay();
  const { t, locale } = say;
  const field = (name: keyof PatientTyped) => ({
    id: `patient-${name}`,
    label: t(`newPatient.fields.${name}`),
    value: typed[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    onBlur: () => leave(name),
    error: faultText(name),
    autoComplete: 'off',
  });
  const dates = possibleDates(typed.birthDate, monthFirst).map((possible) => formatDay(possible, locale) ?? possible);
  const [date, other] = dates;
  const read =
    date && other
      ? t('newPatient.readAsOneOf', { date, other })
      : date
        ? t('newPatient.readAs', { date })
        : t('newPatient.birthDateHint');
  const names = new Intl.DisplayNames([locale.tag], { type: 'language' });
  const named = LANGUAGES.map((code) => ({ value: code, label: names.of(code) ?? code })).sort((a, b) =>
    a.label.localeCompare(b.label, locale.tag),
  );
  const known = typed.language === '' || LANGUAGES.includes(typed.language);
  return (
    <>
      <TextInput {...field('given')} description={t('newPatient.givenHint')} autoFocus />
      <TextInput {...field('family')} />
      <TextInput {...field('birthDate')} description={read} />
      <NativeSelect
        {...field('sex')}
        onChange={(event) => set({ sex: event.currentTarget.value as PatientTyped['sex'] })}
        required
        data={[
          { value: '', label: t('newPatient.choose') },
          ...SEXES.map((value) => ({ value, label: t(`newPatient.sexes.${value}`) })),
        ]}
      />
      <TextInput {...field('phone')} type="tel" />
      <TextInput {...field('email')} type="email" />
      <TextInput {...field('line')} />
      <div className={form.pair}>
        <TextInput {...field('city')} />
        <TextInput {...field('state')} />
      </div>
      <TextInput {...field('postalCode')} maw={180} />
      <NativeSelect
        {...field('language')}
        data={[
          { value: '', label: t('common.notRecorded') },
          ...named,
          ...(known ? [] : [{ value: typed.language, label: names.of(typed.language) ?? typed.language }]),
        ]}
      />
      <TextInput {...field('recordNumber')} description={t('newPatient.numberHint')} required spellCheck={false} />
    </>
  );
}
