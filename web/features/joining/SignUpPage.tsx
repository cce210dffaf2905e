import { Anchor, Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { Link } from 'react-router';
import { SignUp, slugFrom } from '../../../schemas/people.ts';
import { COUNTRIES } from '../../../schemas/places.ts';
import { DoorCard } from '../../components/DoorCard.tsx';
import { LanguageChoice } from '../../components/LanguageChoice.tsx';
import { errorWords } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { useAttempt } from '../../lib/attempt.ts';
import { byText } from '../../lib/locale.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { faultsByField, publicPlatform } from '../../lib/public-platform.ts';
import { CheckMail } from './CheckMail.tsx';
import classes from './joining.module.css';

type Field = 'clinicName' | 'slug' | 'name' | 'email' | 'country' | 'timeZone';
const FIELDS: readonly Field[] = ['clinicName', 'slug', 'name', 'email', 'country', 'timeZone'];
interface SlugAnswer {
  readonly free: boolean;
  readonly because?: 'taken' | 'reserved' | 'malformed';
}

/** The reader's own place is the best guess: most people sign up where they work. */
const guessedZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const guessedCountry = (): string => {
  const region = navigator.languages.map((tag) => new Intl.Locale(tag).region).find((code) => code && COUNTRIES.includes(code));
  return region ?? '';
};
const zones = (): readonly string[] => [...new Set([guessedZone(), ...Intl.supportedValuesOf('timeZone')])].toSorted();

/** A clinic signs itself up: one form, everything that can be guessed is guessed, then the page that says where the link went. */
export function SignUpPage() {
  const say = useSay();
  const { t, language, locale } = say;
  const [typed, setTyped] = useState({ clinicName: '', name: '', email: '', country: guessedCountry(), timeZone: guessedZone() });
  const [ownSlug, setOwnSlug] = useState<string>(); // undefined: it follows the name
  const [faults, setFaults] = useState<Partial<Record<Field, string>>>({});
  const slug = ownSlug ?? slugFrom(typed.clinicName);
  const values = { ...typed, slug, language: language === 'es' ? ('es' as const) : ('en' as const) };
  const attempt = useAttempt();
  const form = useRef<HTMLFormElement>(null);
  const [settled] = useDebouncedValue(slug, 300);
  const check = useQuery({
    queryKey: ['signup', 'slug', settled],
    enabled: settled.length > 0,
    queryFn: ({ signal }) => publicPlatform.get<SlugAnswer>(`/signup/${encodeURIComponent(settled)}`, signal),
    staleTime: 30_000,
    retry: false,
  });
  const known = settled === slug ? check.data : undefined;

  usePageTitle(t('people.signUp.title'));

  const countries = useMemo(() => {
    const names = new Intl.DisplayNames([locale.tag], { type: 'region' });
    const compare = byText(locale);
    return COUNTRIES.map((code) => ({ value: code, label: names.of(code) ?? code })).toSorted((a, b) =>
      compare(a.label, b.label),
    );
  }, [locale]);

  const words: Record<Field, string> = {
    clinicName: t('people.signUp.faults.clinicName'),
    slug: t('people.signUp.slugs.malformed'),
    name: t('people.signUp.faults.name'),
    email: t('people.signUp.faults.email'),
    country: t('people.signUp.faults.country'),
    timeZone: t('people.signUp.faults.timeZone'),
  };
  const show = (wrong: Partial<Record<Field, string>>) => {
    setFaults(wrong);
    const first = FIELDS.find((field) => wrong[field]);
    if (first) form.current?.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
  };

  const send = useMutation({
    mutationFn: () => {
      return publicPlatform.post<{ email: string; linkHours: number }>('/signup', values, attempt(values));
    },
    onError: (error) => {
      const named = faultsByField(error, say);
      if (!named) return;
      const taken = error instanceof ApiError && error.status === 409;
      const isKnown = (field: string): field is Field => (FIELDS as readonly string[]).includes(field);
      const wrong = Object.keys(named).filter(isKnown);
      show(
        Object.fromEntries(
          wrong.map((field) => [field, field === 'slug' && taken ? t('people.signUp.slugs.taken') : words[field]]),
        ),
      );
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = SignUp.safeParse(values);
    const wrong: Partial<Record<Field, string>> = {};
    for (const issue of parsed.error?.issues ?? []) wrong[issue.path[0] as Field] = words[issue.path[0] as Field];
    if (known?.because) wrong.slug = t(`people.signUp.slugs.${known.because}`);
    show(wrong);
    if (Object.keys(wrong).length === 0) send.mutate();
  };
  const field = (name: Exclude<Field, 'slug'>) => ({
    name,
    value: typed[name],
    error: faults[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTyped((before) => ({ ...before, [name]: value }));
      setFaults((before) => ({ ...before, [name]: undefined }));
    },
  });

  if (send.isSuccess)
    return (
      <CheckMail
        email={send.data.email}
        hours={send.data.linkHours}
        onChange={() => send.reset()}
        again={() => publicPlatform.post('/signup', values, crypto.randomUUID())}
      />
    );
  const slugFault = faults.slug ?? (known?.because && slug !== '' ? t(`people.signUp.slugs.${known.because}`) : undefined);
  const tooOften = send.error instanceof ApiError && send.error.status === 429;
  const other = send.isError && !faultsByField(send.error, say) ? errorWords(send.error, say) : undefined;
  return (
    <DoorCard wide>
      <h1>{t('people.signUp.title')}</h1>
      <Text c="dimmed">{t('people.signUp.intro')}</Text>
      <form ref={form} className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          {...field('clinicName')}
          label={t('people.signUp.clinicName')}
          autoComplete="organization"
          autoFocus
          required
          withAsterisk={false}
        />
        <TextInput
          name="slug"
          label={t('people.signUp.slug')}
          description={t('people.signUp.slugHint', { address: `${window.location.host}/t/${slug || '…'}` })}
          value={slug}
          onChange={(event) => {
            setOwnSlug(event.currentTarget.value);
            setFaults((before) => ({ ...before, slug: undefined }));
          }}
          error={slugFault}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          required
          withAsterisk={false}
        />
        {known?.free && !faults.slug && (
          <span className={classes.free} role="status">
            {t('people.signUp.slugs.free')}
          </span>
        )}
        <TextInput {...field('name')} label={t('people.signUp.name')} autoComplete="name" required withAsterisk={false} />
        <TextInput
          {...field('email')}
          type="email"
          label={t('people.signUp.email')}
          description={t('people.signUp.emailHint')}
          autoComplete="email"
          required
          withAsterisk={false}
        />
        <div className={classes.two}>
          <NativeSelect
            {...field('country')}
            label={t('people.signUp.country')}
            data={[{ value: '', label: '' }, ...countries]}
          />
          <NativeSelect {...field('timeZone')} label={t('people.signUp.timeZone')} data={[...zones()]} />
        </div>
        {(tooOften || other) && (
          <Text className={classes.notice} role="alert">
            {tooOften ? t('people.signUp.tooOften') : `${other?.title} ${other?.next}`}
          </Text>
        )}
        <Button type="submit" size="md" loading={send.isPending}>
          {t('people.signUp.submit')}
        </Button>
      </form>
      <Anchor component={Link} to={addresses.home()}>
        {t('people.signUp.toSignIn')}
      </Anchor>
      <LanguageChoice />
    </DoorCard>
  );
}
