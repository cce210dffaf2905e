import { fileURLToPath } from 'node:url';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../constructs/acknowledge.ts';
import { originSecret } from '../constructs/origin-secret.ts';
import { securityHeaders } from '../constructs/security-headers.ts';
import { WebApp } from '../constructs/web-app.ts';
import type { Settings } from '../settings.ts';
import type { DataStack } from './data.ts';

export interface EdgeStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
  readonly webAclArn: string | undefined;
}

/**
 * The front door: one distribution with the web app and, under /api/*, the HTTP API. The API is bare here; features add their
 * routes to it in their own stack (callback address <- distribution <- API <- issuer would otherwise be a circle).
 */
export class EdgeStack extends Stack {
  readonly api: HttpApi;
  readonly appUrl: string;

  constructor(scope: Construct, id: string, { settings, data, webAclArn, ...props }: EdgeStackProps) {
    super(scope, id, props);
    this.api = new HttpApi(this, 'Api', { createDefaultStage: false, description: 'Tessera' });
    this.addStage(data);
    const webBucket = this.webBucket(data);
    const distribution = this.distribution(settings, data, webBucket, webAclArn);
    this.appUrl = `https://${settings.site?.domainName ?? distribution.distributionDomainName}`;
    if (settings.webDir)
      new WebApp(this, 'WebApp', { folder: settings.webDir, bucket: webBucket, distribution, logKey: data.key });
    new CfnOutput(this, 'AppUrl', { value: this.appUrl });
  }

  private addStage(data: DataStack): void {
    const log = new LogGroup(this, 'ApiLog', {
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: data.key,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: 500, burstLimit: 1000 }, // requests a second, for all tenants together
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
  }

  private webBucket(data: DataStack): Bucket {
    const bucket = new Bucket(this, 'Web', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      serverAccessLogsBucket: data.accessLogs,
      serverAccessLogsPrefix: 'web/',
      lifecycleRules: [{ id: 'old-builds', noncurrentVersionExpiration: Duration.days(30) }],
    });
    acknowledge(bucket, {
      'HIPAA.Security-S3BucketReplicationEnabled':
        'It holds a build of the public web app, which a deployment makes again in minutes.',
      'HIPAA.Security-S3DefaultEncryptionKMS':
        'The web app is public to whoever opens the site: there is nothing to keep from anybody who may read the bucket.',
    });
    return bucket;
  }

  private distribution(settings: Settings, data: DataStack, webBucket: Bucket, webAclArn: string | undefined): Distribution {
    const cognito = [
      `https://cognito-idp.${this.region}.amazonaws.com`,
      ...['staff', 'patients'].map((pool) => `https://${settings.domainPrefix}-${pool}.auth.${this.region}.amazoncognito.com`),
    ];
    const headers = securityHeaders(this, 'Headers', [...cognito, `https://${data.documents.bucketRegionalDomainName}`]);
    const shared = { responseHeadersPolicy: headers, viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS };
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Tessera',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      ...(webAclArn && { webAclId: webAclArn }),
      ...(settings.site && {
        domainNames: [settings.site.domainName],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', settings.site.certificateArn),
      }),
      defaultBehavior: {
        ...shared,
        origin: S3BucketOrigin.withOriginAccessControl(webBucket),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
        functionAssociations: [
          { eventType: FunctionEventType.VIEWER_REQUEST, function: this.edgeFunction('SpaFallback', 'spa-fallback.js') },
        ],
      },
      additionalBehaviors: { '/api/*': { ...shared, ...this.apiBehaviour() } },
    });
    acknowledge(distribution, {
      'AwsSolutions-CFR1':
        'Clinicians travel, and patients too. Where a clinic must not be reached from is for its operator to say, in the firewall.',
      'AwsSolutions-CFR3':
        'Its standard log writes every query string to a bucket, and a search may name a patient. The gateway logs each API request without the query, the firewall what it stopped.',
      ...(!webAclArn && {
        'AwsSolutions-CFR2':
          'The operator has turned the firewall off (context `firewall`), for about $10 a month less; the throttle of the gateway remains.',
      }),
      ...(!settings.site && {
        'AwsSolutions-CFR4':
          "Without a certificate of the operator's own, CloudFront's applies and with it its protocol list; `domainName` and `certificateArn` set TLS 1.2 (2021).",
      }),
    });
    return distribution;
  }

  private apiBehaviour(): BehaviorOptions {
    return {
      origin: new HttpOrigin(`${this.api.apiId}.execute-api.${this.region}.${this.urlSuffix}`, {
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        readTimeout: Duration.seconds(30),
        customHeaders: { 'x-origin-secret': originSecret(this).valueAsString },
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY, // a token sent in the clear is refused, not redirected
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      functionAssociations: [
        { eventType: FunctionEventType.VIEWER_REQUEST, function: this.edgeFunction('ViewerHost', 'viewer-host.js') },
      ],
    };
  }

  private edgeFunction(id: string, file: string): EdgeFunction {
    return new EdgeFunction(this, id, {
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromFile({ filePath: fileURLToPath(new URL(`../constructs/${file}`, import.meta.url)) }),
    });
  }
}

/** One line a request. No query string: a search by GET may carry a name or a birth date. */
const ACCESS_LOG = {
  time: '$context.requestTime',
  requestId: '$context.requestId',
  address: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  bytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  problem: '$context.error.messageString',
};
