import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { QueueStore } from '../../local/events/queue-store.ts';
import { MessageStore } from '../../local/messages/message-store.ts';
import { keptOutsideCharts, leaks, secretsOf } from './no-patient-data.ts';

const secrets = secretsOf([
  {
    resourceType: 'Patient',
    name: [{ family: 'Okonkwo', given: ['Ada'] }, { family: 'Li' }],
    birthDate: '1980-10-05',
    telecom: [{ value: '+1 555 010 2030' }, { value: 'ada@example.org' }],
  },
]);
const leaksIn = (text: string): string[] => leaks([{ where: 'a log', text }], secrets);

describe('leaks', () => {
  test.each([
    { text: '{"detail":"Okonkwo"}', found: ['name in a log'] },
    { text: '{"birth":"1980-10-05"}', found: ['birth date in a log'] },
    { text: 'call +1 555 010 2030 now', found: ['phone or e-mail in a log'] },
    { text: 'to:ada@example.org', found: ['phone or e-mail in a log'] },
    { text: '{"at":"1980-10-059"}', found: [] },
    { text: 'Okonkwola', found: [] },
    { text: 'List', found: [] },
  ])('$text → $found', ({ text, found }) => expect(leaksIn(text)).toEqual(found));
});

test('queues, logs, mail, text messages and the names of the template are looked through', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tessera-kept-'));
  for (const folder of ['queues', 'logs', 'template']) mkdirSync(join(dataDir, folder));
  const settings = { name: 'jobs', arn: 'arn', visibilityMs: 0, delayMs: 0, retentionMs: 0, deadLetter: undefined };
  const queues = new QueueStore(join(dataDir, 'queues', 'messages.db'));
  queues.send(settings, { body: '{"name":"Okonkwo"}' });
  queues.close();
  const messages = new MessageStore(join(dataDir, 'messages.db'));
  messages.keep({ kind: 'mail', from: 'a', to: 'ada@example.org', subject: 'Hello', text: 'Hello', html: '<p>Okonkwo</p>' });
  messages.keep({ kind: 'sms', from: 'a', to: '+1 555 010 2030', subject: '', text: 'Okonkwo: your code' });
  messages.close();
  writeFileSync(join(dataDir, 'logs', 'function.log'), 'Okonkwo');
  const Resources = {
    Schedule: { Type: 'AWS::Scheduler::Schedule', Properties: { Name: 'remind-Okonkwo' } },
    Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'for-Okonkwo', ScheduleExpression: 'rate(1 day)' } },
    Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { TableName: 'Okonkwo' } },
  };
  writeFileSync(join(dataDir, 'template', 'One.template.json'), JSON.stringify({ Resources }));
  const One = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://1/us-east-1',
    properties: { templateFile: 'One.template.json' },
  };
  writeFileSync(join(dataDir, 'template', 'manifest.json'), JSON.stringify({ version: '48.0.0', artifacts: { One } }));
  expect(leaks(keptOutsideCharts(dataDir), secrets)).toEqual([
    `name in ${dataDir}/logs/function.log`,
    'name in queue jobs',
    "name in the inbox's mail",
    "name in the inbox's sms",
    'name in One/Schedule',
    'name in One/Rule',
  ]);
});
