import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Node } from 'constructs';

/** What one deployment may choose: context of the CDK app (`cdk.json`, `-c key=value`) and the account of the credentials in use. */
export interface Settings {
  /** Placeholders when nobody is signed in to AWS, so that `npm run synth` needs no credentials. */
  readonly account: string;
  readonly region: string;
  /** Folder of the functions' bundles, one folder each (`npm run build`). */
  readonly functionsDir: string;
  /** Folder of the built web app. Undefined when it has not been built: the template then carries no upload of it. */
  readonly webDir: string | undefined;
  /** The web firewall, about $10 a month (docs/operations.md). */
  readonly firewall: boolean;
  /** First part of the sign-in pages' domains, unique in the region among all of Cognito's customers. */
  readonly domainPrefix: string;
  /** The clinic-facing address, if it is not the distribution's own. Certificate: ACM in us-east-1. */
  readonly site: { readonly domainName: string; readonly certificateArn: string } | undefined;
  /** Who is written to when an alarm goes off. */
  readonly alarmEmail: string | undefined;
  /** The address that mail comes from, at a domain whose DNS the operator may change. Undefined: no mail is sent. */
  readonly mailFrom: string | undefined;
  /** ARN of the number, sender id or pool that text messages come from, registered by hand. Undefined: none are sent. */
  readonly smsFrom: string | undefined;
}

export function readSettings(node: Node, environment: NodeJS.ProcessEnv = process.env): Settings {
  const text = (key: string): string | undefined => {
    const value: unknown = node.tryGetContext(key);
    return value === undefined || value === null || value === '' ? undefined : String(value);
  };
  const account = environment.CDK_DEFAULT_ACCOUNT ?? '111111111111';
  const webDir = resolve(text('webDir') ?? 'build/web');
  const domainName = text('domainName');
  const certificateArn = text('certificateArn');
  return {
    account,
    region: environment.CDK_DEFAULT_REGION ?? 'us-east-1',
    functionsDir: resolve(text('functionsDir') ?? 'build/functions'),
    webDir: existsSync(resolve(webDir, 'index.html')) ? webDir : undefined,
    firewall: text('firewall') !== 'false',
    domainPrefix: text('domainPrefix') ?? `tessera-${account}`,
    site: domainName && certificateArn ? { domainName, certificateArn } : undefined,
    alarmEmail: text('alarmEmail'),
    mailFrom: checked(
      'mailFrom',
      text('mailFrom'),
      /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/,
      'one e-mail address: no-reply@example.com',
    ),
    smsFrom: checked('smsFrom', text('smsFrom'), /^arn:aws[\w-]*:sms-voice:/, 'the ARN of a number, sender id or pool'),
  };
}

/** @throws Error that says what the setting has to be */
function checked(key: string, value: string | undefined, pattern: RegExp, what: string): string | undefined {
  if (value !== undefined && !pattern.test(value)) throw new Error(`The setting ${key} has to be ${what}.`);
  return value;
}
