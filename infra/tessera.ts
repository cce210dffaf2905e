import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import { readSettings } from './settings.ts';
import { DataStack } from './stacks/data.ts';
import { EdgeStack } from './stacks/edge.ts';
import { FeaturesStack } from './stacks/features.ts';
import { FirewallStack } from './stacks/firewall.ts';
import { IdentityStack } from './stacks/identity.ts';

/** The whole system, a stack per lifetime. The order Data, Edge, Identity, Features is the order of references: none points back. */
export function tessera(context: Readonly<Record<string, unknown>> = {}): App {
  const app = new App({ context: { ...FEATURE_FLAGS, ...context }, analyticsReporting: false });
  const settings = readSettings(app.node);
  const { account, region } = settings;
  const env = { account, region };
  const shared = { env, settings, crossRegionReferences: region !== 'us-east-1' };

  const firewall = settings.firewall
    ? new FirewallStack(app, 'Firewall', { ...shared, env: { account, region: 'us-east-1' }, stackName: 'TesseraFirewall' })
    : undefined;
  const data = new DataStack(app, 'Data', { env, stackName: 'TesseraData', terminationProtection: true });
  const edge = new EdgeStack(app, 'Edge', { ...shared, data, webAclArn: firewall?.webAclArn, stackName: 'TesseraEdge' });
  const identity = new IdentityStack(app, 'Identity', {
    env,
    settings,
    data,
    edge,
    stackName: 'TesseraIdentity',
    terminationProtection: true,
  });
  new FeaturesStack(app, 'Features', { env, settings, data, edge, identity, stackName: 'TesseraFeatures' });

  // A finding that no resource has accepted fails the synthesis.
  Validations.of(app).addPlugins(new HIPAASecurityChecks(app), new AwsSolutionsChecks(app));
  return app;
}

/** Behaviours of the CDK that are off for older apps only. */
const FEATURE_FLAGS = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-iam:standardizedServicePrincipals': true,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/core:validateSnapshotRemovalPolicy': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:keepNotificationInImportedBucket': false,
  '@aws-cdk/aws-kms:aliasNameRef': true,
  '@aws-cdk/aws-kms:reduceCrossAccountRegionPolicyScope': true,
  '@aws-cdk/aws-sns-subscriptions:restrictSqsDescryption': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true,
  '@aws-cdk/customresources:installLatestAwsSdkDefault': false,
  '@aws-cdk/core:target-partitions': ['aws', 'aws-us-gov'],
};
