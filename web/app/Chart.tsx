import { ChartLayout } from '../features/chart/ChartLayout.tsx';
import { RecordPanel } from '../features/record/RecordPanel.tsx';

/** A chart with the panel for records and forms beside it. */
export function Chart() {
  return <ChartLayout panel={<RecordPanel />} />;
}
