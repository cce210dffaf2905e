import { Duration } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';

export interface WebAppProps {
  readonly folder: string;
  readonly bucket: Bucket;
  readonly distribution: Distribution;
}

/**
 * Puts a build of the web app into its bucket: files named by their content for a year, then the page that names them, which is
 * asked for anew each time. Old files stay, so that a screen opened before the deployment can still load its parts.
 */
export class WebApp extends Construct {
  constructor(scope: Construct, id: string, { folder, bucket, distribution }: WebAppProps) {
    super(scope, id);
    const files = new BucketDeployment(this, 'Files', {
      sources: [Source.asset(folder, { exclude: ['*.html'] })],
      destinationBucket: bucket,
      cacheControl: [CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
      prune: false,
      memoryLimit: 512, // MiB
    });
    const page = new BucketDeployment(this, 'Page', {
      sources: [Source.asset(folder, { exclude: ['*', '!index.html'] })],
      destinationBucket: bucket,
      cacheControl: [CacheControl.noCache()],
      distribution,
      distributionPaths: ['/index.html'],
      prune: false,
      memoryLimit: 512,
    });
    page.node.addDependency(files);
  }
}
