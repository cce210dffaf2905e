/** By which the task to write a visit's note is known. It is over as somebody begins: from then on there is the task to sign. */
export const writeNoteTask = (visit: string) => ({ kind: 'write-note', key: `Encounter/${visit}` }) as const;
