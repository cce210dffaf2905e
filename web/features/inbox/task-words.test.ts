import { expect, test } from 'vitest';
import { filledText } from '../../../schemas/filled-text.ts';
import { TASK_TEXT } from '../../../schemas/task-text-element.ts';
import { TASK_TEXTS } from '../../../schemas/task-texts.ts';
import type { Say } from '../../i18n/index.ts';
import { tasks as english } from '../../i18n/tasks/en.ts';
import { tasks as spanish } from '../../i18n/tasks/es.ts';
import { textOf } from './task-words.ts';

const VALUES = { who: 'Dr. Osei', times: '2', amount: '60.00 USD' };
const named = (name: string) => ({
  extension: [
    {
      url: TASK_TEXT,
      extension: [
        { url: 'name', valueCode: name },
        ...Object.entries(VALUES).map(([url, valueString]) => ({ url, valueString })),
      ],
    },
  ],
});

test.each(Object.keys(TASK_TEXTS))('%s is said with all that stands in it, in both languages', (name) => {
  for (const { task } of [english, spanish]) {
    const text = (task.texts as Record<string, string>)[name] ?? '';
    const t = (_key: string, values: Record<string, string>) => filledText(text, values);
    const said = textOf(named(name), '', { t } as unknown as Say);
    expect(said).not.toBe('');
    for (const [, value = ''] of text.matchAll(/\{\{(\w+)\}\}/g)) expect(said).toContain(VALUES[value as keyof typeof VALUES]);
  }
});
