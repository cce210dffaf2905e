import type { HealthcareService, Questionnaire } from 'fhir/r4';
import { expect, test } from 'vitest';
import { NOTE_TEMPLATE, VISIT_NOTE_TEMPLATE, VISIT_TYPE } from '../../schemas/visit.ts';
import { offered } from './workspace.ts';

const template = (code: string): Questionnaire => ({
  resourceType: 'Questionnaire',
  status: 'active',
  url: `urn:uuid:${code}`,
  title: code,
  code: [{ system: NOTE_TEMPLATE, code }],
});
const service = (code: string, note?: string): HealthcareService => ({
  resourceType: 'HealthcareService',
  type: [{ coding: [{ system: VISIT_TYPE, code }] }],
  ...(note && { extension: [{ url: VISIT_NOTE_TEMPLATE, valueUri: `urn:uuid:${note}` }] }),
});
const TEMPLATES = ['soap-visit', 'telephone', 'well-visit'].map(template);
const SERVICES = [
  service('telephone'),
  service('follow-up', 'soap-visit'),
  service('well-visit', 'telephone'),
  service('procedure', 'gone'),
];

test.each([
  { visit: 'telephone', first: 'telephone', own: true, because: 'the template is called like the type' },
  { visit: 'follow-up', first: 'soap-visit', own: true, because: 'the clinic has said so' },
  { visit: 'well-visit', first: 'telephone', own: true, because: 'what the clinic says outranks the name' },
  { visit: 'procedure', first: 'soap-visit', own: false, because: 'the template that it names is gone' },
  { visit: 'unheard-of', first: 'soap-visit', own: false, because: 'nobody has said anything' },
])('$visit → $first: $because', ({ visit, first, own }) => {
  const type = [{ coding: [{ system: VISIT_TYPE, code: visit }] }];
  const { templates, templateOfType } = offered(TEMPLATES, { type }, SERVICES);
  expect([templates[0]?.title, templateOfType, templates.length]).toEqual([first, own, 3]);
});
