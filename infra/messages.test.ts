import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { Synthesis } from '../test/support/templates.ts';
import { FeatureFunction } from './constructs/feature-function.ts';
import { Messages } from './constructs/messages.ts';

const FROM = 'no-reply@clinic.example';
const NUMBER = 'arn:aws:sms-voice:us-east-1:111111111111:phone-number/phone-1';

/** A stack with one function that sends, and one that does not. */
function synthesised(settings: { mailFrom?: string; smsFrom?: string }): Template {
  const stack = new Stack(
    new App({ context: { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true } }),
    'Test',
    {
      env: { account: '111111111111', region: 'us-east-1' },
    },
  );
  const logKey = new Key(stack, 'Key');
  const { mailFrom, smsFrom } = settings;
  const messages = new Messages(stack, 'Messages', { mailFrom, smsFrom });
  const feature = (name: string) =>
    new FeatureFunction(stack, name, { entry: 'core/mail/lambda.ts', functionsDir: 'core', logKey, environment: {} });
  messages.grantSendMail(feature('Sends'));
  messages.grantSendTextMessages(feature('Texts'));
  feature('Silent');
  return Template.fromStack(stack);
}
const environmentOf = (template: Template, name: string): unknown =>
  Object.entries(template.findResources('AWS::Lambda::Function')).find(([id]) => id.startsWith(name))?.[1].Properties.Environment
    ?.Variables;

describe('with a sender', () => {
  const template = synthesised({ mailFrom: FROM, smsFrom: NUMBER });

  test("the address's domain is proven by DKIM, kept, and goes out under TLS only", () => {
    template.hasResource('AWS::SES::EmailIdentity', {
      DeletionPolicy: 'Retain',
      Properties: { EmailIdentity: 'clinic.example', DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' } },
    });
    template.hasResourceProperties('AWS::SES::ConfigurationSet', {
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'],
        EventBridgeDestination: { EventBusArn: Match.anyValue() },
      },
    });
    expect(Object.keys(template.findOutputs('*')).filter((name) => name.startsWith('MailRecord'))).toHaveLength(3);
  });

  test('a function that sends may do so from that one address, and knows it', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'ses:SendEmail', Condition: { StringEquals: { 'ses:FromAddress': FROM } } }),
        ]),
      },
    });
    expect(environmentOf(template, 'Sends')).toMatchObject({ MAIL_FROM: FROM, MAIL_CONFIGURATION_SET: expect.anything() });
    expect(environmentOf(template, 'Texts')).toEqual({ SMS_FROM: NUMBER });
  });

  test('no other function may', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::ManagedPolicy'));
    const sending = policies.filter(([, policy]) => JSON.stringify(policy).includes('ses:SendEmail')).map(([id]) => id);
    expect(sending).toHaveLength(1);
    expect(sending[0]).toMatch(/^Sends/);
    expect(environmentOf(template, 'Silent')).toBeUndefined();
  });
});

describe('without a sender', () => {
  const template = synthesised({});

  test('nothing is made and nobody is told of one', () => {
    template.resourceCountIs('AWS::SES::EmailIdentity', 0);
    template.resourceCountIs('AWS::SES::ConfigurationSet', 0);
    expect(environmentOf(template, 'Sends')).toBeUndefined();
    expect(environmentOf(template, 'Texts')).toBeUndefined();
  });

  test('which is what a deployment starts with', () => {
    expect(new Synthesis({ firewall: 'false' }).all('AWS::SES::EmailIdentity')).toEqual([]);
  });
});

test.each([
  { key: 'mailFrom', value: 'Tessera <no-reply@clinic.example>', says: 'one e-mail address' },
  { key: 'mailFrom', value: 'clinic.example', says: 'one e-mail address' },
  { key: 'smsFrom', value: '+15551230000', says: 'the ARN' },
])('$key = $value is refused in words', ({ key, value, says }) => {
  expect(() => new Synthesis({ [key]: value })).toThrow(says);
});
