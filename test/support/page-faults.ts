import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What is wrong with a page whatever it shows: serious findings of axe (of these rules), and what is wider than the window. */
export async function faults(page: Page, rules: 'all' | readonly string[] = 'all'): Promise<string[]> {
  // Our pages have no frames of other origins to isolate from, and nobody reads what was in order: a third of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations } = await (rules === 'all' ? axe : axe.withRules([...rules])).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return [
    ...serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    ...(overflow > 0 ? [`${overflow} px too wide`] : []),
  ];
}

/** The same in light and in dark colours, in which nothing but the colours is other. */
export async function faultsInEachColour(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, rules } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    found.push(...(await faults(page, rules)).map((fault) => `${colorScheme}: ${fault}`));
  }
  return found;
}

const LOOKS = [
  { colorScheme: 'light', rules: 'all' },
  { colorScheme: 'dark', rules: ['color-contrast'] },
] as const;
