import type { Questionnaire, QuestionnaireResponse } from 'fhir/r4';
import { type ProblemIssue, said } from '../../../core/outcome.ts';
import type { WriteRule } from '../../../core/rules.ts';
import { answersOf, fitsKind, itemsOf } from '../../../schemas/note-template.ts';
import { isVisitNote } from '../../../schemas/visit.ts';
import { templateOf } from '../templates.ts';

/** A visit's note answers what its template asks, in the version that it was begun with: no other question, and no other kind of answer. */
export const noteAnswers: WriteRule = async (resource, { scope, records }) => {
  if (!isVisitNote(resource) || resource.resourceType !== 'QuestionnaireResponse') return [];
  const template = await templateOf(records, scope, resource.questionnaire);
  return template
    ? objectionsTo(resource, template)
    : [{ ...said('note-no-template'), path: 'QuestionnaireResponse.questionnaire' }];
};

export function objectionsTo(note: QuestionnaireResponse, template: Questionnaire): readonly ProblemIssue[] {
  const items = new Map(itemsOf(template).map((item) => [item.linkId, item]));
  return [...answersOf(note)].flatMap(([link, answers]): ProblemIssue[] => {
    const item = items.get(link);
    const path = 'QuestionnaireResponse.item';
    if (!item) return [{ ...said('note-link-unknown', { link }), path }];
    return answers.every((answer) => fitsKind(item.kind, answer)) ? [] : [{ ...said('note-answer-kind', { link }), path }];
  });
}
