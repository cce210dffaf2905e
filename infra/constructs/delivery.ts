import { EventField, type EventPattern, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SOURCE } from '../../core/events/happening.ts';
import { MESSAGE_TAGS, MESSAGE_TOLD } from '../../core/messages/message-told.ts';

interface Wanted {
  readonly pattern: EventPattern;
  /** Where the tags that we gave the message stand in the event. */
  readonly tag: (name: (typeof MESSAGE_TAGS)[number]) => string;
  readonly eventId: string;
}

/**
 * A tag of a mail is a list of one value, and is handed on as that list: whether a path of a rule may name a list's member, AWS's two guides
 * disagree ("array indices": EventBridge User Guide, "Input transformation"; "dot notation, not bracket notation": API Reference,
 * InputTransformer). Of a text message's context it is a text.
 */
const OF_MAIL = { tag: (name: string): string => `$.detail.mail.tags.${name}` };
const mail = (detailType: readonly string[]): EventPattern => ({
  source: ['aws.ses'],
  detailType: [...detailType],
  detail: { mail: { tags: Object.fromEntries(MESSAGE_TAGS.map((name) => [name, [{ exists: true }]])) } },
});

/**
 * What became of a message after its service had it, as SES and AWS End User Messaging tell it on the account's own bus ("Monitoring SES
 * events using Amazon EventBridge"; "Monitoring with EventBridge", AWS End User Messaging SMS). The events carry addresses; what a rule
 * hands on is made of opaque ids alone, in the words of our own events: to the queue that sends reminders, so that what fails is tried
 * again and can be replayed like those.
 */
const TOLD: Readonly<Record<string, Wanted>> = {
  MailTold: {
    pattern: mail(['Email Delivered', 'Email Complaint Received', 'Email Rejected']),
    ...OF_MAIL,
    eventId: `told/mail/${EventField.fromPath('$.detail.eventType')}/${EventField.fromPath('$.detail.mail.messageId')}`,
  },
  MailBounced: {
    pattern: mail(['Email Bounced']),
    ...OF_MAIL,
    eventId: `told/mail/Bounce-${EventField.fromPath('$.detail.bounce.bounceType')}/${EventField.fromPath('$.detail.mail.messageId')}`,
  },
  TextTold: {
    pattern: {
      source: ['aws.sms-voice'],
      detailType: ['Text Message Delivery Status Updated'],
      detail: {
        isFinal: [true],
        context: Object.fromEntries(MESSAGE_TAGS.map((name) => [name, [{ exists: true }]])),
      },
    },
    tag: (name) => `$.detail.context.${name}`,
    eventId: `told/text/${EventField.fromPath('$.detail.messageStatus')}/${EventField.fromPath('$.detail.messageId')}`,
  },
};

export class Delivery extends Construct {
  constructor(scope: Construct, id: string, { queue, failures }: { readonly queue: Queue; readonly failures: Queue }) {
    super(scope, id);
    for (const [name, { pattern, tag, eventId }] of Object.entries(TOLD)) {
      const message = RuleTargetInput.fromObject({
        source: SOURCE,
        'detail-type': MESSAGE_TOLD,
        time: EventField.time,
        detail: {
          tenant: EventField.fromPath(tag('tenant')),
          type: 'Communication',
          id: EventField.fromPath(tag('communication')),
          version: 1,
          event: MESSAGE_TOLD,
          eventId,
        },
      });
      new Rule(this, name, { eventPattern: pattern, targets: [new SqsQueue(queue, { deadLetterQueue: failures, message })] });
    }
  }
}
