import { useLocation } from 'react-router';
import { PanelBoundary } from '../components/PanelBoundary.tsx';
import { ChartLayout } from '../features/chart/ChartLayout.tsx';
import { RecordPanel } from '../features/record/RecordPanel.tsx';

/** A chart with the panel for records and forms beside it. */
export function Chart() {
  const { pathname, search } = useLocation();
  return (
    <ChartLayout
      panel={
        <PanelBoundary resetKey={pathname + search}>
          <RecordPanel />
        </PanelBoundary>
      }
    />
  );
}
