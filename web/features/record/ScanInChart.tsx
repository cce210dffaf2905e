import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DocumentReference, FhirResource } from 'fhir/r4';
import { releaseOf } from '../../../schemas/portal-records.ts';
import { UPLOAD_SYSTEM } from '../../../schemas/upload-system.ts';
import { ScanPages } from '../../components/ScanPages.tsx';
import { errorWords } from '../../components/states.tsx';
import { useSay } from '../../i18n/index.ts';
import type { Kept } from '../../lib/api.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { MoveDocumentButtons } from '../scans/ReasonDialogs.tsx';

const uploadOf = (document: DocumentReference): string | undefined =>
  document.identifier?.find(({ system }) => system === UPLOAD_SYSTEM)?.value;

/** Whether a record is scanned paper, whose pages can be looked at. */
export const isScan = (resource: Kept<FhirResource>): resource is Kept<DocumentReference> =>
  resource.resourceType === 'DocumentReference' && uploadOf(resource as DocumentReference) !== undefined;

/** The pages of a scanned document in a chart; whether its patient sees it; the way to move it. */
export function ScanInChart({
  patientId,
  document,
  onMoved,
}: {
  patientId: string;
  document: Kept<DocumentReference>;
  onMoved: () => void;
}) {
  const say = useSay();
  const { t } = say;
  const { api, slug, may } = useTenant();
  const queries = useQueryClient();
  const shown = releaseOf(document) === 'released';
  const show = useMutation({
    mutationFn: () => api.post(`/documents/${document.id}/portal`, { version: Number(document.meta.versionId), shown: !shown }),
    onSettled: () => queries.invalidateQueries({ queryKey: [slug, 'chart', patientId] }),
  });
  const isStruck = document.status === 'entered-in-error';
  const words = show.error && errorWords(show.error, say);
  return (
    <>
      <ScanPages path={`/documents/${document.id}/pages`} />
      <Group gap="sm" my="sm">
        <Text size="sm">{t(shown ? 'scans.shownPatient' : 'scans.hiddenPatient')}</Text>
        {may('DocumentReference', 'update') && (
          <Button size="xs" variant="default" loading={show.isPending} onClick={() => show.mutate()}>
            {t(shown ? 'scans.hidePatient' : 'scans.showPatient')}
          </Button>
        )}
        {may('DocumentReference', 'update') && !isStruck && <MoveDocumentButtons document={document} onMoved={onMoved} />}
      </Group>
      {words && (
        <Text role="alert" c="red" size="sm">
          {words.title} {words.next}
        </Text>
      )}
    </>
  );
}
