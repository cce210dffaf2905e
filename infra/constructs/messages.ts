import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnConfigurationSet, CfnConfigurationSetEventDestination, CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import type { FeatureFunction } from './feature-function.ts';

interface Sender {
  readonly address: string;
  readonly configurationSet: string;
  /** What a sending function must be allowed to use. */
  readonly arns: readonly string[];
}

/**
 * Who the installation writes as. Kept when everything else goes: a domain that is taken away and added again has to be proven
 * again. Without `mailFrom` there is no sender, and functions answer 503 in words (core/mail); the same for `smsFrom`.
 */
export class Messages extends Construct {
  private readonly sender: Sender | undefined;
  private readonly smsFrom: string | undefined;

  constructor(scope: Construct, id: string, { mailFrom, smsFrom }: Pick<Settings, 'mailFrom' | 'smsFrom'>) {
    super(scope, id);
    this.smsFrom = smsFrom;
    this.sender = mailFrom === undefined ? undefined : this.senderAt(mailFrom);
  }

  /** Lets the function send mail, and tells it from whom. Only functions that send are given this. */
  grantSendMail(feature: FeatureFunction): void {
    if (!this.sender) return;
    const { address, configurationSet, arns } = this.sender;
    feature.allow(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [...arns],
        conditions: { StringEquals: { 'ses:FromAddress': address } },
      }),
    );
    feature.function.addEnvironment('MAIL_FROM', address);
    feature.function.addEnvironment('MAIL_CONFIGURATION_SET', configurationSet);
  }

  /** Lets the function send text messages from the account's registered number. */
  grantSendTextMessages(feature: FeatureFunction): void {
    if (!this.smsFrom) return;
    feature.allow(new PolicyStatement({ actions: ['sms-voice:SendTextMessage'], resources: [this.smsFrom] }));
    feature.function.addEnvironment('SMS_FROM', this.smsFrom);
  }

  private senderAt(address: string): Sender {
    const domain = address.slice(address.indexOf('@') + 1);
    const set = new CfnConfigurationSet(this, 'Delivery', {
      deliveryOptions: { tlsPolicy: 'REQUIRE' }, // an invitation's link opens an account: it does not travel in clear
      suppressionOptions: { suppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      reputationOptions: { reputationMetricsEnabled: false }, // metrics of its own cost extra; the account's are free
    });
    new CfnConfigurationSetEventDestination(this, 'Told', {
      configurationSetName: set.ref,
      eventDestination: {
        enabled: true,
        matchingEventTypes: ['DELIVERY', 'BOUNCE', 'COMPLAINT', 'REJECT'],
        // SES speaks on the account's own bus only; constructs/delivery.ts listens there.
        eventBridgeDestination: {
          eventBusArn: Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
        },
      },
    });
    const identity = new CfnEmailIdentity(this, 'Sender', {
      emailIdentity: domain,
      configurationSetAttributes: { configurationSetName: set.ref },
      dkimSigningAttributes: { nextSigningKeyLength: 'RSA_2048_BIT' },
    });
    identity.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const records = [
      [identity.attrDkimDnsTokenName1, identity.attrDkimDnsTokenValue1],
      [identity.attrDkimDnsTokenName2, identity.attrDkimDnsTokenValue2],
      [identity.attrDkimDnsTokenName3, identity.attrDkimDnsTokenValue3],
    ];
    for (const [at, [name, value]] of records.entries()) {
      new CfnOutput(Stack.of(this), `MailRecord${at + 1}`, { value: `${name} CNAME ${value}` });
    }
    const arn = (resource: string, resourceName: string): string =>
      Stack.of(this).formatArn({ service: 'ses', resource, resourceName });
    return { address, configurationSet: set.ref, arns: [arn('identity', domain), arn('configuration-set', set.ref)] };
  }
}
