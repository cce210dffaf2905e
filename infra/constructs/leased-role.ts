import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRole, Effect, ManagedPolicy, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { FeatureFunction } from './feature-function.ts';

export interface LeasedRoleProps {
  readonly description: string;
  /** Refuses whoever does not name a tenant as session tag. */
  readonly requireTenant: boolean;
}

/** A role that functions assume for a while instead of having its rights themselves. Only the functions it is lent to may assume it: IAM's 2,048 characters of trust policy hold about eighteen. */
export class LeasedRole extends Construct {
  private readonly rights: ManagedPolicy;
  private readonly trust: PolicyStatement;
  private readonly arn: string;
  private readonly requireTenant: boolean;

  constructor(scope: Construct, id: string, { description, requireTenant }: LeasedRoleProps) {
    super(scope, id);
    this.requireTenant = requireTenant;
    this.rights = new ManagedPolicy(this, 'Rights');
    this.trust = requireTenant
      ? new PolicyStatement({ effect: Effect.ALLOW, actions: ['sts:AssumeRole', 'sts:TagSession'], conditions: ONE_TENANT_TAG })
      : new PolicyStatement({ effect: Effect.ALLOW, actions: ['sts:AssumeRole'] });
    const role = new CfnRole(this, 'Role', {
      description,
      assumeRolePolicyDocument: new PolicyDocument({ statements: [this.trust] }),
      managedPolicyArns: [this.rights.managedPolicyArn],
      maxSessionDuration: Duration.hours(1).toSeconds(), // a chained session lasts no longer anyway
    });
    this.arn = role.attrArn;
  }

  allow(...statements: PolicyStatement[]): void {
    this.rights.addStatements(...statements);
  }

  acknowledge(reasons: Readonly<Record<string, string>>): void {
    acknowledge(this.rights, reasons);
  }

  /** Lets the function assume the role, and tells it the role's name in the environment variable. */
  lendTo(feature: FeatureFunction, variable: string): void {
    this.trust.addArnPrincipal(feature.role.roleArn);
    feature.allow(
      new PolicyStatement({
        actions: this.requireTenant ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole'],
        resources: [this.arn],
      }),
    );
    feature.function.addEnvironment(variable, this.arn);
  }
}

/** Exactly one session tag, `tenant`, and it is not empty. */
const ONE_TENANT_TAG = {
  StringLike: { 'aws:RequestTag/tenant': '?*' },
  'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
};

const READING = ['kms:Decrypt', 'kms:DescribeKey'];
const WRITING = [...READING, 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/** The key through the named services only: no ciphertext is ever decrypted by hand. */
const keyThrough = (key: IKey, services: readonly string[], actions: string[]): PolicyStatement =>
  new PolicyStatement({
    actions,
    resources: [key.keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${Stack.of(key).region}.amazonaws.com`) },
    },
  });
export const readsUnderKey = (key: IKey, ...services: readonly string[]): PolicyStatement => keyThrough(key, services, READING);
export const writesUnderKey = (key: IKey, ...services: readonly string[]): PolicyStatement => keyThrough(key, services, WRITING);

/** Item actions whose every key begins as given. Null: a request that names no key at all is refused (`ForAllValues` is true of nothing). */
export const onKeys = (actions: readonly string[], resources: string[], leadingKeys: string[]): PolicyStatement =>
  new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources,
    conditions: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': leadingKeys },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  });
