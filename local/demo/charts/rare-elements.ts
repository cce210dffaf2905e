import type { Chart } from './chart.ts';
import type { Moment } from './vitals.ts';

export function addRareElements(_chart: Chart, _moment: Moment & { readonly visit: number }): void {}
