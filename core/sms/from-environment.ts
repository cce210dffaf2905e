import { optionalEnvironment } from '../environment.ts';
import { Problem } from '../outcome.ts';
import { awsTextMessages } from './aws-text-messages.ts';
import type { TextMessages } from './text-messages.ts';

/** The text messages of this deployment. Without a sender (`smsFrom` of the CDK app) one that says so. */
export function textMessagesFromEnvironment(): TextMessages {
  const { SMS_FROM } = optionalEnvironment('SMS_FROM');
  return SMS_FROM ? awsTextMessages({ from: SMS_FROM }) : noTextMessages;
}

const noTextMessages: TextMessages = {
  async send() {
    throw new Problem(
      'unavailable',
      'This installation cannot send text messages yet. Whoever runs it has to set smsFrom and deploy again (docs/operations.md, “Mail”).',
    );
  },
};
