import { Button, Group, MultiSelect, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DOCUMENT_TYPES, type DocumentTypeCode } from '../../../schemas/document-types.ts';
import { type DocumentRule, rulesFor } from '../../../schemas/settings/document-workflows.ts';
import type { KeptSetting } from '../../../schemas/settings/index.ts';
import { POOLS, type Pool } from '../../../schemas/tasks.ts';
import { UPLOAD_SOURCES, type UploadSource } from '../../../schemas/uploads.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { tellDone } from '../../components/notices.tsx';
import { SettingStale } from '../../components/SettingStale.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../../components/states.tsx';
import surfaces from '../../components/surface.module.css';
import { type Say, useSay } from '../../i18n/index.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { settingQuery, useSettingForm } from '../../lib/settings.ts';
import { useTenant } from '../../lib/tenant.tsx';
import classes from './scans.module.css';

/** Settings > Document workflows: who is asked to look at a document when it is filed. */
export function WorkflowsPage() {
  const { t } = useSay();
  const { api } = useTenant();
  const setting = useQuery({ ...settingQuery(api, 'document-workflows'), refetchOnWindowFocus: false });
  usePageTitle(t('scans.workflows.title'));
  return (
    <>
      <h1>{t('scans.workflows.title')}</h1>
      <Text c="dimmed" mb="md">
        {t('scans.workflows.intro')}
      </Text>
      {setting.isPending && (
        <LoadingLines lines={4} height={36} label={t('common.loading', { what: t('scans.workflows.title') })} />
      )}
      {setting.isLoadingError && <ErrorState error={setting.error} onRetry={() => void setting.refetch()} />}
      {setting.data && <Rules kept={setting.data} />}
    </>
  );
}

const FRESH: DocumentRule = { types: [], sources: [], pool: 'physician', dueHours: 48, priority: 'routine' };

function saidOf({ types, sources, pool, dueHours }: DocumentRule, { t }: Say): string {
  return t('scans.workflows.says', {
    types: types.length === 0 ? t('scans.workflows.anyType') : types.map((code) => t(`scans.types.${code}`)).join(', '),
    sources:
      sources.length === 0 ? t('scans.workflows.anySource') : sources.map((source) => t(`scans.sources.${source}`)).join(', '),
    pool: t(`scans.workflows.pools.${pool}`),
    hours: dueHours,
  });
}

function Rules({ kept }: { kept: KeptSetting<'document-workflows'> }) {
  const say = useSay();
  const { t } = say;
  const form = useSettingForm(kept, () => tellDone(say, t('scans.workflows.saved')));
  const { rules } = form.typed;
  const setRules = (next: DocumentRule[]) => form.setTyped({ rules: next });
  const change = (at: number, part: Partial<DocumentRule>) =>
    setRules(rules.map((rule, other) => (other === at ? { ...rule, ...part } : rule)));
  return (
    <div className={classes.rules}>
      {rules.length === 0 && <EmptyState title={t('scans.workflows.none')} />}
      {rules.map((rule, at) => (
        <fieldset key={`rule-${String(at)}`} className={surfaces.surface}>
          <legend className={classes.rule}>{saidOf(rule, say)}</legend>
          <MultiSelect
            label={t('scans.workflows.types')}
            placeholder={rule.types.length === 0 ? t('scans.workflows.anyType') : undefined}
            data={DOCUMENT_TYPES.map(({ code }) => ({ value: code, label: t(`scans.types.${code}`) }))}
            value={rule.types}
            onChange={(types) => change(at, { types: types as DocumentTypeCode[] })}
          />
          <MultiSelect
            label={t('scans.workflows.sources')}
            placeholder={rule.sources.length === 0 ? t('scans.workflows.anySource') : undefined}
            data={UPLOAD_SOURCES.map((value) => ({ value, label: t(`scans.sources.${value}`) }))}
            value={rule.sources}
            onChange={(sources) => change(at, { sources: sources as UploadSource[] })}
          />
          <Group align="flex-end" gap="sm">
            <NativeSelect
              label={t('scans.workflows.pool')}
              value={rule.pool}
              data={POOLS.map((value) => ({ value, label: t(`scans.workflows.pools.${value}`) }))}
              onChange={(event) => change(at, { pool: event.currentTarget.value as Pool })}
            />
            <TextInput
              type="number"
              label={t('scans.workflows.hours')}
              value={String(rule.dueHours)}
              min={1}
              max={720}
              onChange={(event) =>
                change(at, { dueHours: Math.min(720, Math.max(1, Math.round(Number(event.currentTarget.value)) || 1)) })
              }
            />
            <NativeSelect
              label={t('scans.workflows.priority')}
              value={rule.priority}
              data={(['routine', 'urgent'] as const).map((value) => ({ value, label: t(`scans.workflows.priorities.${value}`) }))}
              onChange={(event) => change(at, { priority: event.currentTarget.value as DocumentRule['priority'] })}
            />
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setRules(rules.filter((_, other) => other !== at))}
            >
              {t('scans.workflows.remove')}
            </Button>
          </Group>
        </fieldset>
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setRules([...rules, FRESH])}
          disabled={rules.length >= 30}
        >
          {t('scans.workflows.add')}
        </Button>
        <Button loading={form.isSaving} disabled={!form.isChanged} onClick={form.submit}>
          {t('scans.workflows.save')}
        </Button>
      </Group>
      {form.error && <SaveError error={form.error} />}
      <SettingStale form={form} />
      {rules.length > 0 && <Preview rules={rules} />}
    </div>
  );
}

function Preview({ rules }: { rules: readonly DocumentRule[] }) {
  const say = useSay();
  const { t } = say;
  const [type, setType] = useState<string>(DOCUMENT_TYPES[0].code);
  const [source, setSource] = useState<string>('fax');
  const fitting = rulesFor({ rules: [...rules] }, { type, source });
  return (
    <section className={surfaces.surface}>
      <h2 className={surfaces.heading}>{t('scans.workflows.preview')}</h2>
      <Text size="sm">{t('scans.workflows.previewWhat')}</Text>
      <Group>
        <NativeSelect
          aria-label={t('scans.type')}
          value={type}
          data={DOCUMENT_TYPES.map(({ code }) => ({ value: code, label: t(`scans.types.${code}`) }))}
          onChange={(event) => setType(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label={t('scans.source')}
          value={source}
          data={UPLOAD_SOURCES.map((value) => ({ value, label: t(`scans.sources.${value}`) }))}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
      </Group>
      <div role="status">
        {fitting.length === 0 && <Text>{t('scans.workflows.previewNone')}</Text>}
        {fitting.map((rule, at) => (
          <Text key={`fits-${String(at)}`}>{saidOf(rule, say)}</Text>
        ))}
      </div>
    </section>
  );
}
