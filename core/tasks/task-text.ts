import type { Extension } from 'fhir/r4';
import { filledText } from '../../schemas/filled-text.ts';
import { TASK_TEXT } from '../../schemas/task-text-element.ts';
import { TASK_TEXTS, type TaskTextName } from '../../schemas/task-texts.ts';

/** A text of ours: as it is read anywhere, and by its name and values. */
export interface TaskText {
  readonly text: string;
  readonly extension: Extension[];
}
export const taskText = (name: TaskTextName, values: Readonly<Record<string, string>> = {}): TaskText => ({
  text: filledText(TASK_TEXTS[name], values),
  extension: [
    {
      url: TASK_TEXT,
      extension: [
        { url: 'name', valueCode: name },
        ...Object.entries(values).map(([url, valueString]) => ({ url, valueString })),
      ],
    },
  ],
});
