import { Construct } from 'constructs';
import { addDefaultRoute, type FeatureProps } from './feature.ts';
import { FeatureFunction } from './feature-function.ts';

/** Whatever no route matches: 404 as an OperationOutcome instead of the gateway's bare message. */
export class NotFound extends Construct {
  constructor(scope: Construct, id: string, props: FeatureProps) {
    super(scope, id);
    addDefaultRoute(this, props.api, new FeatureFunction(this, 'Answer', { ...props, entry: 'functions/not-found/lambda.ts' }));
  }
}
