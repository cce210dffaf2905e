import { Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Encounter } from 'fhir/r4';
import { useRef } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ChartOverview } from '../../../schemas/chart.ts';
import { SaveError } from '../../components/FormParts.tsx';
import { useSay } from '../../i18n/index.ts';
import { addresses } from '../../lib/addresses.ts';
import { chartKeys, inOverview } from '../../lib/chart-query.ts';
import { useTenant } from '../../lib/tenant.tsx';
import { servicesQuery, startVisit } from './queries.ts';
import classes from './visit.module.css';

const UNDER_WAY = new Set<Encounter['status']>(['arrived', 'triaged', 'in-progress']);

/** The way into a visit from the chart: the one that is under way, or a new one. */
export function StartVisit({ patientId, overview }: { patientId: string; overview: ChartOverview }) {
  const { t } = useSay();
  const { slug, api, may, me } = useTenant();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const attempt = useRef(crypto.randomUUID());
  const kinds = useQuery({ ...servicesQuery(api), enabled: may('HealthcareService', 'search') });
  const start = useMutation({
    mutationFn: (service: string | undefined) => startVisit(api, patientId, service, attempt.current),
    onSuccess: (encounter) => {
      attempt.current = crypto.randomUUID();
      void queries.invalidateQueries({ queryKey: chartKeys.overview(api, patientId) });
      void navigate(addresses.visit(slug, patientId, encounter.id));
    },
  });
  if (!may('QuestionnaireResponse', 'create') || !may('Encounter', 'create') || !me) return null;
  const open = inOverview<Encounter>(overview, 'Encounter').find(({ status }) => UNDER_WAY.has(status));
  if (open?.id)
    return (
      <div className={classes.start}>
        <span>{t('startVisit.openToday')}</span>
        <Button size="compact-sm" component={Link} to={addresses.visit(slug, patientId, open.id)}>
          {t('startVisit.goOn')}
        </Button>
      </div>
    );
  return (
    <div className={classes.start}>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="compact-sm" loading={start.isPending}>
            {t('startVisit.start')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('startVisit.startKind')}</Menu.Label>
          {(kinds.data ?? []).map((kind) => (
            <Menu.Item key={kind.id} onClick={() => start.mutate(kind.id)}>
              {kind.name}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => start.mutate(undefined)}>{t('startVisit.withoutKind')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {start.isError && <SaveError error={start.error} />}
    </div>
  );
}
