import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SavedMethodLine } from '../../../schemas/billing.ts';
import { ErrorState, LoadingLines } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { Quiet, Refusal } from './parts.tsx';
import classes from './portal.module.css';
import { useSavedMethods, useSavedMethodsChanged } from './saved-methods.ts';

/** The cards and bank accounts that the patient has saved: brand and last four digits. They are saved on the clinic's payment page. */
export function SavedMethods() {
  const { t, language } = useSay();
  const { api } = useTenant();
  const saved = useSavedMethods();
  const [attempt] = useState(() => crypto.randomUUID());
  const save = useMutation({
    mutationFn: () => api.post<{ url: string }>('/billing/own/methods', { attempt }),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  return (
    <section className={classes.choices} aria-labelledby="saved-methods">
      <h2 className={classes.heading} id="saved-methods">
        {t('portal.methods.title')}
      </h2>
      {saved.isPending && <LoadingLines lines={2} height={48} label={t('portal.methods.title')} />}
      {saved.isLoadingError && <ErrorState error={saved.error} onRetry={() => void saved.refetch()} />}
      {saved.data && (
        <>
          {saved.data.methods.length === 0 && <Quiet>{t('portal.methods.none')}</Quiet>}
          <ul className={classes.list}>
            {saved.data.methods.map((method) => (
              <Saved key={method.id} method={method} />
            ))}
          </ul>
          <Quiet>{t('portal.methods.agrees', { text: language === 'es' ? saved.data.mandate.es : saved.data.mandate.en })}</Quiet>
          <Refusal error={save.error} />
          <Button
            className={classes.big}
            variant="default"
            loading={save.isPending || Boolean(save.data)}
            onClick={() => save.mutate()}
          >
            {t('portal.methods.save')}
          </Button>
        </>
      )}
    </section>
  );
}

/** Asked once more before it is forgotten: whoever wants it back has to enter it anew. */
function Saved({ method: { id, instrument } }: { method: SavedMethodLine }) {
  const { t } = useSay();
  const { api } = useTenant();
  const changed = useSavedMethodsChanged();
  const [asks, setAsks] = useState(false);
  const forget = useMutation({
    mutationFn: () => api.remove(`/billing/own/methods/${id}`),
    onSuccess: changed,
  });
  return (
    <li className={classes.item}>
      <div className={classes.movement}>
        <strong>{instrument}</strong>
        {!asks && (
          <Button
            variant="subtle"
            mih={44}
            onClick={() => setAsks(true)}
            aria-label={t('portal.methods.removeNamed', { instrument })}
          >
            {t('portal.methods.remove')}
          </Button>
        )}
      </div>
      {asks && (
        <>
          <span>{t('portal.methods.removeTitle', { instrument })}</span>
          <Refusal error={forget.error} />
          <Button className={classes.big} color="red" loading={forget.isPending} onClick={() => forget.mutate()} autoFocus>
            {t('portal.methods.removeYes')}
          </Button>
          <Button className={classes.big} variant="default" onClick={() => setAsks(false)}>
            {t('portal.methods.keep')}
          </Button>
        </>
      )}
    </li>
  );
}
