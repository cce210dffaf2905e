import { expect, test } from 'vitest';
import type { NoteItem } from '../../../schemas/note-template.ts';
import { changesBetween } from './template-changes.ts';

const item = (linkId: string, text: string): NoteItem => ({ linkId, text, kind: 'text' });

test('a difference names what is new, gone, reworded and moved, and nothing else', () => {
  const before = [item('1', 'Story'), item('2', 'Findings'), item('3', 'Plan'), item('4', 'Same')];
  const after = [
    item('2', 'Findings'),
    item('1', 'Story'),
    item('3', 'Plan and advice'),
    item('5', 'Follow-up'),
    item('4', 'Same'),
  ];
  expect(changesBetween(before, after, ({ kind }) => kind)).toEqual([
    { kind: 'moved', what: 'Findings' },
    { kind: 'moved', what: 'Story' },
    { kind: 'changed', before: 'Plan (text)', after: 'Plan and advice (text)' },
    { kind: 'added', what: 'Follow-up (text)' },
  ]);
  expect(changesBetween(before, before.slice(0, 3), ({ kind }) => kind)).toEqual([{ kind: 'removed', what: 'Same (text)' }]);
});
