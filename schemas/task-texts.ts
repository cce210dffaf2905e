import type { Extension } from 'fhir/r4';
import { filledText } from './filled-text.ts';

/**
 * What Tessera itself writes into a task, by its name: as its description or as a note. The name and its values stand beside the text (an
 * extension of Task._description or of Task.note), so that the inbox says it in its reader's language; what a person typed has none, and so
 * have tasks from before. A name is kept as long as there are tasks.
 */
export const TASK_TEXTS = {
  'owner-left': '{{who}} does not work here any more.',
  'somebody-left': 'Whoever had it does not work here any more.',
  'document-moved': 'This document was in another chart. Read it for the patient it belongs to.',
  'file-scan': 'File a scanned document.',
  'scan-lost': 'A scanned document did not arrive.',
  'reminder-unprepared': 'A reminder of this visit was not prepared. See that the patient knows of it.',
  'reminder-unsure': 'A reminder may not have arrived. Reach the patient in another way.',
  'struck-visit-charges': 'This visit was another patient’s. Void what was charged for it.',
} as const;
export type TaskTextName = keyof typeof TASK_TEXTS;
type Values = Readonly<Record<string, string>>;

const TASK_TEXT = 'https://tessera.example/fhir/StructureDefinition/task-text';

/** A text of ours: as it is read anywhere, and by its name. */
export interface TaskText {
  readonly text: string;
  readonly extension: Extension[];
}
export const taskText = (name: TaskTextName, values: Values = {}): TaskText => ({
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

/** By which name the inbox says a text; undefined for what a person typed, and for a name that it does not know. */
export function nameOfTaskText(
  element: { readonly extension?: readonly Extension[] | undefined } | undefined,
): { readonly name: TaskTextName; readonly values: Values } | undefined {
  const [name, ...values] = element?.extension?.find(({ url }) => url === TASK_TEXT)?.extension ?? [];
  const code = name?.url === 'name' ? name.valueCode : undefined;
  if (code === undefined || !Object.hasOwn(TASK_TEXTS, code)) return undefined;
  return {
    name: code as TaskTextName,
    values: Object.fromEntries(values.map(({ url, valueString = '' }) => [url, valueString])),
  };
}
