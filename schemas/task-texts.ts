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
