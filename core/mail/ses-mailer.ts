import { SESv2Client, type SESv2ClientConfig, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { Problem } from '../outcome.ts';
import type { Mailer } from './mailer.ts';

export interface SesMailerOptions {
  /** The address that mail comes from: an identity of the account. */
  readonly from: string;
  /** Asks for TLS on the way and keeps the list of addresses that bounced. */
  readonly configurationSet?: string | undefined;
  readonly client?: SESv2ClientConfig;
}

/** How long to wait for SES, ms, and how often to ask: together well inside a request's 10 s. */
const SES_CONFIG = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;
/** SES answered, and will not take this mail however often it is asked. */
const REFUSED = new Set([
  'MessageRejected',
  'BadRequestException',
  'AccountSuspendedException',
  'MailFromDomainNotVerifiedException',
]);

/** Mail through Amazon SES, version 2 of its API. */
export function sesMailer({ from, configurationSet, client }: SesMailerOptions): Mailer {
  const ses = new SESv2Client({ ...SES_CONFIG, ...client });
  return {
    async send({ to, subject, text, html }) {
      const body = { Text: utf8(text), ...(html !== undefined && { Html: utf8(html) }) };
      const request = new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        // A name in a subject must not begin another header line.
        Content: { Simple: { Subject: utf8(subject.replaceAll(/\s+/g, ' ').trim()), Body: body } },
        ...(configurationSet && { ConfigurationSetName: configurationSet }),
      });
      try {
        await ses.send(request);
      } catch (cause) {
        const refused = cause instanceof Error && REFUSED.has(cause.name);
        throw new Problem('unavailable', refused ? REFUSED_TEXT : BUSY_TEXT, { cause });
      }
    },
  };
}

const REFUSED_TEXT =
  'The mail service does not take mail for this address. Check the address; if it is right, whoever runs Tessera has to look (docs/operations.md, “Mail”).';
const BUSY_TEXT = 'The mail could not be sent. Nothing is lost: try again shortly.';

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
