import {
  PinpointSMSVoiceV2Client,
  type PinpointSMSVoiceV2ClientConfig,
  SendTextMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { Problem } from '../outcome.ts';
import type { TextMessages } from './text-messages.ts';

export interface AwsTextMessagesOptions {
  /** A number, sender id or pool that the account has registered: countries refuse text messages from others. */
  readonly from: string;
  readonly client?: PinpointSMSVoiceV2ClientConfig;
}

/** As for mail: two tries of 3 s stay inside a request's 10 s. */
const SMS_CONFIG = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

/** Text messages through AWS End User Messaging. */
export function awsTextMessages({ from, client }: AwsTextMessagesOptions): TextMessages {
  const sms = new PinpointSMSVoiceV2Client({ ...SMS_CONFIG, ...client });
  return {
    async send({ to, text }) {
      const request = new SendTextMessageCommand({
        DestinationPhoneNumber: to,
        OriginationIdentity: from,
        MessageBody: text,
        MessageType: 'TRANSACTIONAL',
      });
      try {
        await sms.send(request);
      } catch (cause) {
        throw new Problem('unavailable', 'The text message could not be sent. Check the number, or try again shortly.', {
          cause,
        });
      }
    },
  };
}
