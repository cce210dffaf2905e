import { NativeSelect } from '@mantine/core';
import { setLanguage, useSay } from '../i18n/index.ts';
import type { Language } from '../lib/locale.ts';

/** Each language in its own words, so that it can be found by whoever cannot read the current one. */
export const LANGUAGE_NAMES = [
  { value: 'en', label: 'English' },
  { value: 'es', label: 'Español' },
] as const satisfies readonly { value: Language; label: string }[];

export function LanguageChoice() {
  const { t, language } = useSay();
  return (
    <NativeSelect
      size="sm"
      label={t('settings.language')}
      value={language}
      data={[...LANGUAGE_NAMES]}
      onChange={(event) => void setLanguage(event.currentTarget.value as Language)}
    />
  );
}
