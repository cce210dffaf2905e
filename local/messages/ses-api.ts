import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { JsonAnswer } from '../events/sqs-api.ts';
import { mailEvents, type TellDelivery } from './delivery.ts';
import type { MessageStore } from './message-store.ts';

/** What SES is asked whether a caller may send as this address, by the role's rights in the template. */
export type MaySend = (identityArn: string, fromAddress: string) => boolean;

export interface SesOptions {
  /** The domains that the template proves to be ours, with their ARNs. */
  readonly identities: readonly { readonly domain: string; readonly arn: string }[];
  readonly store: MessageStore;
  /** Which events the template wants, by configuration set. */
  readonly eventsOf?: ReadonlyMap<string, readonly string[]>;
  readonly tell?: TellDelivery;
}

const Text = z.object({ Data: z.string() });
const Address = z.string().regex(/^[^\s@<>]+@[^\s@<>]+$/);
/** SendEmail with simple content: all that the application sends. */
const SendEmail = z.object({
  FromEmailAddress: Address,
  Destination: z.object({ ToAddresses: z.array(Address).min(1).max(50) }),
  Content: z.object({
    Simple: z.object({ Subject: Text, Body: z.object({ Text, Html: Text.optional() }) }),
  }),
  ConfigurationSetName: z.string().optional(),
  EmailTags: z
    .array(z.object({ Name: z.string().regex(/^[\w-]{1,256}$/), Value: z.string().regex(/^[\w.@-]{1,256}$/) }))
    .max(50)
    .default([]),
});

/** `POST /v2/email/outbound-emails` of SES, version 2: into the inbox instead of out of the house. */
export const createSes =
  ({ identities, store, eventsOf, tell }: SesOptions) =>
  (body: unknown, maySend: MaySend): JsonAnswer => {
    const asked = SendEmail.safeParse(body);
    if (!asked.success) return failure(400, 'BadRequestException', z.prettifyError(asked.error));
    const { FromEmailAddress: from, Destination, Content, ConfigurationSetName: set = '', EmailTags } = asked.data;
    const identity = identities.find(({ domain }) => from.toLowerCase().endsWith(`@${domain.toLowerCase()}`));
    if (!identity)
      return failure(400, 'MessageRejected', 'Email address is not verified. The template has no identity for its domain.');
    if (!maySend(identity.arn, from))
      return failure(403, 'AccessDeniedException', `The caller is not authorized to perform ses:SendEmail on ${identity.arn}`);
    const { Subject, Body } = Content.Simple;
    for (const to of Destination.ToAddresses) {
      store.keep({ kind: 'mail', from, to, subject: Subject.Data, text: Body.Text.Data, html: Body.Html?.Data });
    }
    const messageId = randomUUID();
    const tags = Object.fromEntries(EmailTags.map(({ Name, Value }) => [Name, Value]));
    for (const to of Destination.ToAddresses)
      for (const event of mailEvents({ messageId, to, tags }, eventsOf?.get(set) ?? [])) tell?.(event);
    return { status: 200, body: { MessageId: messageId } };
  };

const failure = (status: number, code: string, message: string): JsonAnswer => ({ status, body: { __type: code, message } });
