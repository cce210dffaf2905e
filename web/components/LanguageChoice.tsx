import { useId } from 'react';
import { setLanguage, useSay } from '../i18n/index.ts';
import type { Language } from '../lib/locale.ts';
import classes from './LanguageChoice.module.css';

/** Each language in its own words, so that it can be found by whoever cannot read the current one. */
export const LANGUAGE_NAMES = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Español' },
] as const satisfies readonly { value: Language; label: string }[];

/** The browser's own list: the doors would fetch seven kilobytes for another. */
export function LanguageChoice() {
  const { t, language } = useSay();
  const id = useId();
  const choose = (value: string) => {
    const chosen = LANGUAGE_NAMES.find((one) => one.value === value);
    if (chosen) void setLanguage(chosen.value);
  };
  return (
    <div className={classes.choice}>
      <label htmlFor={id}>{t('settings.language')}</label>
      <select id={id} className={classes.list} value={language} onChange={(event) => choose(event.currentTarget.value)}>
        {LANGUAGE_NAMES.map(({ value, label }) => (
          <option key={value} value={value} lang={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
