import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { addRoutes, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

export interface VisitsProps extends FeatureProps {
  readonly signingKey: IKey;
}

/** The visit and its note. The one function that may sign. */
export class Visits extends Construct {
  constructor(scope: Construct, id: string, { signingKey, ...props }: VisitsProps) {
    super(scope, id);
    const desk = new FeatureFunction(this, 'Desk', {
      ...props,
      environment: { ...props.environment, SIGNING_KEY_ARN: signingKey.keyArn },
      entry: 'functions/visits/lambda.ts',
      memoryMiB: 1024,
    });
    props.directory.grantAssume(desk);
    props.tenants.grantAssume(desk, {
      records: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
      documents: ['GetObject', 'PutObject'],
    });
    desk.allow(new PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [signingKey.keyArn] }));
    addRoutes(this, props.api, desk, [
      [HttpMethod.ANY, '/api/{tenant}/visits'],
      [HttpMethod.ANY, '/api/{tenant}/visits/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/notes/{proxy+}'],
      [HttpMethod.ANY, '/api/{tenant}/note-templates'],
      [HttpMethod.ANY, '/api/platform/signing-keys'],
    ]);
  }
}
