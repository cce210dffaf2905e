import { basename, dirname, join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface FeatureFunctionProps {
  /** The file that wires it: functions/<feature>/lambda.ts. `npm run build` makes one bundle of it. */
  readonly entry: string;
  /** The exported handler's name. */
  readonly handler?: string;
  readonly functionsDir: string;
  readonly logKey: IKey;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeout?: Duration;
  readonly memoryMiB?: number;
}

/** A Lambda function with the house's defaults, written down once: ARM, Node 24, traced, 512 MiB, 10 s, JSON logs kept a year under our key. */
export class FeatureFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  /** All that the function's own role may do. A managed policy, so that each right is written where it is given and none is added unseen. */
  private readonly rights: ManagedPolicy;

  constructor(scope: Construct, id: string, props: FeatureFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: props.logKey,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.role = new Role(this, 'FunctionRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.rights = new ManagedPolicy(this, 'Rights', {
      roles: [this.role],
      statements: [
        new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logGroup.logGroupArn] }),
        new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }),
      ],
    });
    this.function = new LambdaFunction(this, 'Function', {
      code: Code.fromAsset(join(props.functionsDir, basename(dirname(props.entry)))),
      handler: `index.${props.handler ?? 'handler'}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB ?? 512,
      timeout: props.timeout ?? Duration.seconds(10),
      tracing: Tracing.ACTIVE,
      role: this.role.withoutPolicyUpdates(),
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: props.environment,
    });
    // It runs, and a queue is joined to it, only once it may do what it must.
    this.function.node.addDependency(this.rights);
    this.explain();
  }

  /** Gives the function's own role one more right. Never for the records table: that is what `TenantAccess` is for. */
  allow(...statements: PolicyStatement[]): void {
    this.rights.addStatements(...statements);
  }

  /** For an action that accepts no resource but "*". `reason`: why that is so, and what it lets the function see. */
  allowAnywhere(action: string, reason: string): void {
    this.allow(new PolicyStatement({ actions: [action], resources: ['*'] }));
    acknowledge(this.rights, { 'AwsSolutions-IAM5[Resource::*]': reason });
  }

  private explain(): void {
    acknowledge(this.rights, {
      'AwsSolutions-IAM5[Resource::*]': 'X-Ray has no resources to name: its two write actions accept only "*".',
    });
    acknowledge(this.function, {
      'HIPAA.Security-LambdaInsideVPC':
        'All it reaches are AWS APIs over TLS with signed requests. A VPC would add cold start and endpoints at $7 a month each, and guards nothing here.',
      'HIPAA.Security-LambdaDLQ':
        "Called synchronously by the gateway or by a queue that has its own dead-letter queue: Lambda's own would never receive anything.",
      'HIPAA.Security-LambdaConcurrency':
        "A reservation takes from the account what other functions need, and a new account has only ten. The gateway's throttle is the limit.",
    });
  }
}
