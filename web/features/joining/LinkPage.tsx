import { ActionIcon, Button, Text, TextInput } from '@mantine/core';
import { IconCircle, IconCircleCheck, IconEye, IconEyeOff } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useLocation } from 'react-router';
import { type LinkDone, type LinkView, PASSWORD_RULES } from '../../../schemas/people.ts';
import { DoorCard } from '../../components/DoorCard.tsx';
import { LanguageChoice } from '../../components/LanguageChoice.tsx';
import { ErrorState, errorWords, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { ApiError } from '../../lib/api.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { faultsByField, publicPlatform } from '../../lib/public-platform.ts';
import { useSession } from '../../lib/session.tsx';
import { BirthDateFields, birthDateOf, type TypedBirthDate } from './BirthDateFields.tsx';
import classes from './joining.module.css';

const RULES = Object.keys(PASSWORD_RULES) as (keyof typeof PASSWORD_RULES)[];
const homeOf = ({ kind, slug }: LinkDone): string => {
  if (kind === 'patient' && slug) return addresses.portal(slug);
  return kind === 'operator' || !slug ? '/operator' : addresses.today(slug);
};

/**
 * The page of a mailed link. Opening it shows what the link is for; only its button uses the link up. The secret is in the fragment, which
 * the browser sends nowhere.
 */
export function LinkPage() {
  const { t } = useSay();
  const { hash } = useLocation();
  const token = hash.slice(1);
  const isWhole = /^[A-Za-z0-9_-]{43}$/.test(token);
  const link = useQuery({
    queryKey: ['link', token],
    enabled: isWhole,
    queryFn: () => publicPlatform.post<LinkView>('/links/look', { token }),
    retry: false,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  usePageTitle('Tessera');
  const unknown = link.error instanceof ApiError && link.error.status === 404;
  return (
    <DoorCard wide>
      {!isWhole && <Said title={t('people.linkPage.incomplete')} next={t('people.linkPage.incompleteNext')} />}
      {isWhole && link.isPending && <LoadingLines lines={5} label={t('people.linkPage.loading')} />}
      {unknown && <Said title={t('people.linkPage.unknown')} next={t('people.linkPage.unknownNext')} />}
      {link.isLoadingError && !unknown && <ErrorState error={link.error} onRetry={() => void link.refetch()} />}
      {link.data &&
        (link.data.state === 'open' ? <Open token={token} view={link.data} /> : <Closed token={token} view={link.data} />)}
      <LanguageChoice />
    </DoorCard>
  );
}

const Said = ({ title, next, children }: { title: string; next: string; children?: ReactNode }) => (
  <>
    <h1>{title}</h1>
    <Text>{next}</Text>
    {children}
  </>
);

function Closed({ token, view: { state, email, kind, slug } }: { token: string; view: LinkView }) {
  const say = useSay();
  const { t } = say;
  const session = useSession();
  const resend = useMutation({ mutationFn: () => publicPlatform.post('/links/resend', { token }) });
  if (state === 'used' || state === 'open')
    return (
      <Said title={t('people.linkPage.used')} next={t('people.linkPage.usedNext')}>
        <Button onClick={() => void session.signIn(homeOf({ kind, ...(slug && { slug }) }), email)}>{t('session.signIn')}</Button>
      </Said>
    );
  if (state === 'withdrawn' || state === 'locked')
    return <Said title={t(`people.linkPage.${state}`)} next={t(`people.linkPage.${state}Next`)} />;
  const tooOften = resend.error instanceof ApiError && resend.error.status === 429;
  const words = resend.error && errorWords(resend.error, say);
  return (
    <Said title={t(`people.linkPage.${state}`)} next={t(`people.linkPage.${state}Next`, { email })}>
      {words && (
        <Text className={classes.notice} role="alert">
          {tooOften ? t('people.signUp.tooOften') : `${words.title} ${words.next}`}
        </Text>
      )}
      {kind === 'patient' && <Text c="dimmed">{t('people.linkPage.patientAgain')}</Text>}
      {resend.isSuccess ? (
        <Text className={classes.done} role="status">
          {t('people.linkPage.sentNew', { email })}
        </Text>
      ) : (
        <Button onClick={() => resend.mutate()} loading={resend.isPending}>
          {t('people.linkPage.sendNew')}
        </Button>
      )}
    </Said>
  );
}

function Open({ token, view }: { token: string; view: LinkView }) {
  const say = useSay();
  const { t, word } = say;
  const session = useSession();
  const { kind, email, clinic = '', choosesPassword, roles = [] } = view;
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState<string>();
  const [typedDate, setTypedDate] = useState<TypedBirthDate>({ day: '', month: '', year: '' });
  const [dateFault, setDateFault] = useState<string>();
  const birthDate = kind === 'patient' ? birthDateOf(typedDate) : undefined;
  const [slug, setSlug] = useState<string>(); // asked for when the first choice was taken meanwhile
  const join = useMutation({
    mutationFn: () =>
      publicPlatform.post<LinkDone>('/links/confirm', {
        token,
        ...(choosesPassword && { password }),
        ...(slug && { slug }),
        ...(birthDate && { birthDate }),
      }),
    onError: (error) => {
      const named = faultsByField(error, say);
      if (named?.password) setFault(t('people.linkPage.passwordFault'));
      setDateFault(named?.birthDate);
      if (named?.birthDate) document.getElementById('birth-date')?.focus();
      if (named?.slug) setSlug(slug ?? view.slug ?? '');
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isGood = !choosesPassword || RULES.every((rule) => PASSWORD_RULES[rule](password));
    const isDated = kind !== 'patient' || birthDate !== undefined;
    setFault(isGood ? undefined : t('people.linkPage.passwordFault'));
    setDateFault(isDated ? undefined : t('people.linkPage.birthDateFault'));
    if (isGood && isDated) join.mutate();
    else if (!isDated) document.getElementById('birth-date')?.focus();
    else document.getElementById('new-password')?.focus();
  };
  if (join.data) {
    const { data } = join;
    return (
      <Said
        title={t(`people.linkPage.doneTitles.${kind}`, { clinic })}
        next={t(kind === 'patient' ? 'people.linkPage.doneNextPatient' : 'people.linkPage.doneNext')}
      >
        <Button size="md" autoFocus onClick={() => void session.signIn(homeOf(data), email)}>
          {t('session.signIn')}
        </Button>
      </Said>
    );
  }
  const intro =
    kind === 'invitation'
      ? t('people.linkPage.intro.invitation', { roles: roles.map((role) => word('codes', role)).join(', ') })
      : t(`people.linkPage.intro.${kind}`);
  const words = join.isError && !faultsByField(join.error, say) ? errorWords(join.error, say) : undefined;
  const said =
    join.error instanceof ApiError && [403, 409].includes(join.error.status) ? join.error.issues.map(say.fault).join(' ') : '';
  return (
    <Said title={t(`people.linkPage.titles.${kind}`, { clinic })} next={intro}>
      <form className={classes.form} onSubmit={submit} noValidate>
        <Text>{t('people.linkPage.account', { email })}</Text>
        {slug !== undefined && (
          <TextInput
            label={t('people.signUp.slug')}
            error={join.isError ? t('people.signUp.slugs.taken') : undefined}
            value={slug}
            onChange={(event) => setSlug(event.currentTarget.value)}
          />
        )}
        {kind === 'patient' && <BirthDateFields value={typedDate} fault={dateFault} onChange={setTypedDate} />}
        {choosesPassword ? (
          <div>
            <NewPassword email={email} value={password} fault={fault} onChange={setPassword} autoFocus={kind !== 'patient'} />
            <ul className={classes.rules} id="password-rules">
              {RULES.map((rule) => {
                const met = PASSWORD_RULES[rule](password);
                return (
                  <li key={rule} data-met={met || undefined}>
                    {met ? <IconCircleCheck size={16} aria-hidden /> : <IconCircle size={16} aria-hidden />}
                    {t(`people.linkPage.rules.${rule}`)}
                    <span className="visually-hidden">{met ? t('people.linkPage.met') : t('people.linkPage.missing')}</span>
                  </li>
                );
              })}
            </ul>
          </div>
        ) : (
          <Text c="dimmed">{t('people.linkPage.known')}</Text>
        )}
        {words && (
          <Text className={classes.notice} role="alert">
            {said || `${words.title} ${words.next}`}
          </Text>
        )}
        <Button
          type="submit"
          size="md"
          loading={join.isPending}
          aria-label={join.isPending ? t(`people.linkPage.working.${kind}`) : undefined}
        >
          {t(`people.linkPage.buttons.${kind}`)}
        </Button>
      </form>
    </Said>
  );
}

/** With the account's name beside it, so that a password manager keeps the pair. */
function NewPassword({
  email,
  value,
  fault,
  onChange,
  autoFocus,
}: {
  email: string;
  value: string;
  fault: string | undefined;
  onChange: (text: string) => void;
  autoFocus: boolean;
}) {
  const { t } = useSay();
  const [shown, setShown] = useState(false);
  return (
    <>
      <input type="email" name="username" value={email} autoComplete="username" readOnly hidden />
      <TextInput
        id="new-password"
        type={shown ? 'text' : 'password'}
        label={t('people.linkPage.password')}
        value={value}
        error={fault}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="new-password"
        aria-describedby="password-rules"
        autoFocus={autoFocus}
        rightSection={
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('people.linkPage.show')}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? <IconEyeOff size={18} /> : <IconEye size={18} />}
          </ActionIcon>
        }
      />
    </>
  );
}
