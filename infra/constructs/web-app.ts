import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface WebAppProps {
  /** The built app. */
  readonly folder: string;
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  readonly logKey: IKey;
}

/**
 * Puts a build of the web app into its bucket: first the files of /assets, named by their content, for a year; then what keeps its name
 * from version to version (the page, its service worker, the manifest, the icons), which is asked for anew each time: a worker that a
 * browser kept for good could never be replaced. Old files stay, so that a screen opened before the deployment can still load its parts.
 */
export class WebApp extends Construct {
  constructor(scope: Construct, id: string, { folder, bucket, distribution, logKey }: WebAppProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: logKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const shared = {
      destinationBucket: bucket,
      prune: false,
      memoryLimit: 512, // MiB
      logGroup,
      role: this.uploader(bucket, distribution, logGroup).withoutPolicyUpdates(),
    };
    const files = new BucketDeployment(this, 'Files', {
      ...shared,
      sources: [Source.asset(folder, { exclude: ['*', '!assets', '!assets/**'] })],
      cacheControl: [CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    const page = new BucketDeployment(this, 'Page', {
      ...shared,
      sources: [Source.asset(folder, { exclude: ['assets', 'assets/**'] })],
      cacheControl: [CacheControl.noCache()],
      distribution,
      distributionPaths: ['/index.html', '/sw.js', '/manifest.webmanifest', '/favicon.svg', '/icon-*', '/apple-touch-icon.png'],
    });
    page.node.addDependency(files);
    for (const resource of Stack.of(this).node.findAll()) {
      if (resource instanceof CfnFunction && resource.node.path.includes('CDKBucketDeployment')) acknowledge(resource, UPLOADER);
    }
  }

  /** Only what the upload needs: the CDK's own role for it may delete, tag and read any object. */
  private uploader(bucket: Bucket, distribution: Distribution, logGroup: LogGroup): Role {
    const { account, region, partition } = Stack.of(this);
    const assets = `arn:${partition}:s3:::cdk-hnb659fds-assets-${account}-${region}`;
    const rights = new ManagedPolicy(this, 'Rights', {
      statements: [
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [`${assets}/*`] }),
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [assets, bucket.bucketArn] }),
        new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject'], resources: [bucket.arnForObjects('*')] }),
        new PolicyStatement({
          actions: ['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'],
          resources: [distribution.distributionArn],
        }),
        new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
      ],
    });
    acknowledge(rights, {
      [`AwsSolutions-IAM5[Resource::${assets}/*]`]:
        'The build lies there under a name made of its content, which no policy can know.',
      [`AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket)}.Arn>/*]`]:
        'The web bucket holds the web app and nothing else: its uploader writes all of it.',
    });
    return new Role(this, 'UploaderRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), managedPolicies: [rights] });
  }
}

const UPLOADER = {
  'AwsSolutions-L1': "The CDK's own function, with the Python it was written and tested for; it changes with the library.",
  'HIPAA.Security-LambdaInsideVPC': 'It runs during a deployment, and moves public files between two buckets.',
  'HIPAA.Security-LambdaDLQ': 'CloudFormation calls it and waits: a failure fails the deployment.',
  'HIPAA.Security-LambdaConcurrency': 'It runs twice a deployment: there is no crowd to hold back.',
};
