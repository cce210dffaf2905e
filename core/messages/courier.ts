import { PinpointSMSVoiceV2Client, SendTextMessageCommand } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { optionalEnvironment } from '../environment.ts';
import type { Mail } from '../mail/mailer.ts';
import type { TextMessage } from '../sms/text-messages.ts';
import { MESSAGE_TAGS, type MessageOf } from './message-told.ts';

/**
 * What became of a message that must not be sent twice.
 * taken: the service has it, under that id. refused: it will not take it, however often it is asked. busy: it certainly has not got it,
 * and may take it later. in-doubt: no answer came, so it may have it.
 */
export type HandedOver =
  | { readonly kind: 'taken'; readonly message: string }
  | { readonly kind: 'refused' | 'opted-out' | 'busy' | 'in-doubt' };

/** Hands messages over, each once: it never tries again by itself, since neither service knows a repeat. */
export interface Courier {
  readonly mail: ((mail: Mail, of: MessageOf) => Promise<HandedOver>) | undefined;
  readonly sms: ((message: TextMessage, of: MessageOf) => Promise<HandedOver>) | undefined;
}

const ONE_TRY = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

/** The courier of this deployment: without a sender of a kind (`mailFrom`, `smsFrom` of the CDK app) it has no way for it. */
export function courierFromEnvironment(): Courier {
  const { MAIL_FROM, MAIL_CONFIGURATION_SET, SMS_FROM } = optionalEnvironment('MAIL_FROM', 'MAIL_CONFIGURATION_SET', 'SMS_FROM');
  return {
    mail: MAIL_FROM ? sesCourier(MAIL_FROM, MAIL_CONFIGURATION_SET) : undefined,
    sms: SMS_FROM ? smsCourier(SMS_FROM) : undefined,
  };
}

function sesCourier(from: string, configurationSet: string | undefined): NonNullable<Courier['mail']> {
  const ses = new SESv2Client(ONE_TRY);
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return async ({ to, subject, text }, of) =>
    outcomeOf(async () => {
      const { MessageId } = await ses.send(
        new SendEmailCommand({
          FromEmailAddress: from,
          Destination: { ToAddresses: [to] },
          Content: { Simple: { Subject: utf8(subject.replaceAll(/\s+/g, ' ').trim()), Body: { Text: utf8(text) } } },
          ...(configurationSet && { ConfigurationSetName: configurationSet }),
          EmailTags: MESSAGE_TAGS.map((Name) => ({ Name, Value: of[Name] })),
        }),
      );
      return MessageId;
    });
}

function smsCourier(from: string): NonNullable<Courier['sms']> {
  const sms = new PinpointSMSVoiceV2Client(ONE_TRY);
  return async ({ to, text }, of) =>
    outcomeOf(async () => {
      const request = { DestinationPhoneNumber: to, OriginationIdentity: from, MessageBody: text };
      const Context = { tenant: of.tenant, communication: of.communication };
      const { MessageId } = await sms.send(new SendTextMessageCommand({ ...request, MessageType: 'TRANSACTIONAL', Context }));
      return MessageId;
    });
}

async function outcomeOf(send: () => Promise<string | undefined>): Promise<HandedOver> {
  try {
    return { kind: 'taken', message: (await send()) ?? '' };
  } catch (error) {
    return { kind: kindOf(error) };
  }
}

/** Of this address or number, for good. */
const REFUSED = new Set(['MessageRejected', 'BadRequestException', 'ValidationException']);
/** Nothing has left the house. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export function kindOf(error: unknown): Exclude<HandedOver['kind'], 'taken'> {
  if (!(error instanceof Error)) return 'in-doubt';
  const { $metadata, code, Reason } = error as { $metadata?: { httpStatusCode?: number }; code?: string; Reason?: string };
  // AWS End User Messaging keeps a list of its own of the numbers that have said stop.
  if (Reason === 'DESTINATION_PHONE_NUMBER_OPTED_OUT') return 'opted-out';
  if (REFUSED.has(error.name)) return 'refused';
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 400 && status < 500 ? 'busy' : 'in-doubt';
  return code !== undefined && NOT_SENT.has(code) ? 'busy' : 'in-doubt';
}
