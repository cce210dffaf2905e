import type { ServiceEvent } from '../events/event-sources.ts';

/** Tells what became of a message, on the account's own bus. */
export type TellDelivery = (event: ServiceEvent) => void;

/** What a message was given to be known by, as the service sends it back. */
export interface Sent {
  readonly messageId: string;
  readonly to: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Addresses of SES's own mailbox simulator, which behave here as they do there. All others take what comes. */
const SIMULATOR: Readonly<Record<string, { type: 'Bounce' | 'Complaint'; detailType: string; more: object }>> = {
  bounce: {
    type: 'Bounce',
    detailType: 'Email Bounced',
    more: { bounce: { bounceType: 'Permanent', bounceSubType: 'General' } },
  },
  ooto: { type: 'Bounce', detailType: 'Email Bounced', more: { bounce: { bounceType: 'Transient', bounceSubType: 'General' } } },
  suppressionlist: {
    type: 'Bounce',
    detailType: 'Email Bounced',
    more: { bounce: { bounceType: 'Permanent', bounceSubType: 'Suppressed' } },
  },
  complaint: { type: 'Complaint', detailType: 'Email Complaint Received', more: { complaint: {} } },
};

/** What SES tells of a mail, where its configuration set wants it told. The recipient's address, which SES names too, is left out: nobody reads it. */
export function mailEvents({ messageId, to, tags }: Sent, wanted: readonly string[]): ServiceEvent[] {
  const simulated = SIMULATOR[/^([a-z]+)(\+.*)?@simulator\.amazonses\.com$/i.exec(to)?.[1]?.toLowerCase() ?? ''];
  const delivered = { type: 'Delivery', detailType: 'Email Delivered', more: { delivery: {} } };
  // What is complained of, or answered automatically, has been delivered.
  const told = simulated?.type === 'Bounce' && !/^ooto/i.test(to) ? [simulated] : [delivered, ...(simulated ? [simulated] : [])];
  return told
    .filter(({ type }) => wanted.includes(type.toUpperCase()))
    .map(({ type, detailType, more }) => ({
      source: 'aws.ses',
      'detail-type': detailType,
      resources: [],
      detail: {
        eventType: type,
        mail: { messageId, tags: Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])) },
        ...more,
      },
    }));
}

/** No telephone answers at 555-0199: of the numbers that are kept for stories, the one that fails here. */
const DEAD_NUMBER = /5550199$/;

/** What AWS End User Messaging tells of a text message, without asking. */
export const textEvent = ({ messageId, to, tags }: Sent): ServiceEvent => {
  const messageStatus = DEAD_NUMBER.test(to) ? 'INVALID' : 'DELIVERED';
  return {
    source: 'aws.sms-voice',
    'detail-type': 'Text Message Delivery Status Updated',
    resources: [],
    detail: { eventType: `TEXT_${messageStatus}`, isFinal: true, messageId, messageStatus, context: tags },
  };
};
