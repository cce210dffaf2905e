import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Questionnaire, QuestionnaireResponse } from 'fhir/r4';
import { useMemo, useState } from 'react';
import { useOutletContext, useParams } from 'react-router';
import { itemsOf } from '../../../schemas/note-template.ts';
import type { VisitWorkspace } from '../../../schemas/visit.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { StatusMark } from '../../components/marks.tsx';
import { EmptyState, ErrorState } from '../../components/states.tsx';
import surfaces from '../../components/surface.module.css';
import { useSay } from '../../i18n/index.ts';
import type { Kept } from '../../lib/api.ts';
import { chartKeys } from '../../lib/chart-query.ts';
import { conceptText } from '../../lib/concept.ts';
import { formatMoment } from '../../lib/dates.ts';
import { usePageTitle } from '../../lib/page-title.ts';
import { statusOf } from '../../lib/status.ts';
import { useTenant } from '../../lib/tenant.tsx';
import type { ChartContext } from '../chart/ChartLayout.tsx';
import { Facts } from './Facts.tsx';
import { NoteEditor } from './NoteEditor.tsx';
import { beginNote, visitKey, visitQuery } from './queries.ts';
import { SignedNoteView } from './SignedNoteView.tsx';
import { VitalsGrid } from './VitalsGrid.tsx';
import classes from './visit.module.css';

/** One visit: the note on the left, the facts on the right, the patient above. */
export function VisitPage() {
  const say = useSay();
  const { t, locale } = say;
  const { encounter: visitId = '' } = useParams();
  const { patientId, overview } = useOutletContext<ChartContext>();
  const { api, may } = useTenant();
  const visit = useQuery(visitQuery(api, patientId, visitId));
  const [measuring, setMeasuring] = useState(false);
  usePageTitle(t('visit.title'));
  if (visit.isPending)
    return (
      <div className={classes.page}>
        <div className={classes.note} role="status" aria-label={t('common.loading', { what: t('visit.title') })}>
          <Skeleton height={24} width={240} mb="md" />
          <Skeleton height={160} mb="md" />
          <Skeleton height={160} />
        </div>
      </div>
    );
  if (visit.isLoadingError) return <ErrorState error={visit.error} onRetry={() => void visit.refetch()} />;
  const { encounter, note, signed } = visit.data;
  const canMeasure = may('Observation', 'create') && encounter.status !== 'entered-in-error';
  return (
    <div className={classes.page}>
      <div className={classes.note}>
        <header className={classes.head}>
          <h1 className={classes.title}>{conceptText(encounter.type?.[0]) ?? t('startVisit.withoutKind')}</h1>
          <span className={classes.when}>
            {formatMoment(encounter.period?.start, locale) ?? t('common.undated')} · <StatusMark status={statusOf(encounter)} />
          </span>
          {canMeasure && !measuring && (
            <Button size="compact-sm" variant="default" onClick={() => setMeasuring(true)}>
              {t('visit.vitals.record')}
            </Button>
          )}
        </header>
        {measuring && (
          <VitalsGrid patientId={patientId} visitId={visitId} overview={overview.data} onDone={() => setMeasuring(false)} />
        )}
        {note && signed ? (
          <SignedNoteView patientId={patientId} workspace={visit.data} />
        ) : note ? (
          <Writing patientId={patientId} workspace={visit.data} onMeasure={() => setMeasuring(true)} />
        ) : (
          <Begin patientId={patientId} visitId={visitId} workspace={visit.data} />
        )}
      </div>
      <Facts patientId={patientId} overview={overview.data} />
    </div>
  );
}

function Writing({ patientId, workspace, onMeasure }: { patientId: string; workspace: VisitWorkspace; onMeasure: () => void }) {
  const { note, template, previous, encounter } = workspace;
  const items = useMemo(() => (template ? itemsOf(template) : []), [template]);
  if (!note || !template) return null;
  return (
    <NoteEditor
      key={note.id}
      patientId={patientId}
      encounter={encounter}
      note={note as Kept<QuestionnaireResponse>}
      title={template.title ?? ''}
      items={items}
      previous={previous}
      onMeasure={onMeasure}
    />
  );
}

/** No note yet: which one. */
function Begin({ patientId, visitId, workspace }: { patientId: string; visitId: string; workspace: VisitWorkspace }) {
  const { t } = useSay();
  const { api, may } = useTenant();
  const queries = useQueryClient();
  const begin = useMutation({
    mutationFn: ({ id = '' }: Questionnaire) => beginNote(api, visitId, id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: visitKey(api, patientId, visitId) });
      void queries.invalidateQueries({ queryKey: chartKeys.overview(api, patientId) });
    },
  });
  if (!may('QuestionnaireResponse', 'create')) return null;
  if (workspace.templates.length === 0) return <EmptyState title={t('visit.noTemplates')} />;
  return (
    <section className={`${surfaces.surface} ${classes.begin}`} aria-label={t('visit.begin')}>
      <p>{t('visit.beginFrom')}</p>
      {begin.isError && <SaveError error={begin.error} />}
      <div className={classes.choices}>
        {workspace.templates.map((template, at) => (
          <Button
            key={template.id}
            variant={at === 0 ? 'filled' : 'default'}
            loading={begin.isPending && begin.variables.id === template.id}
            onClick={() => begin.mutate(template)}
          >
            {template.title}
          </Button>
        ))}
      </div>
    </section>
  );
}
