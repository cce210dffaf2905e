import type { Resolver } from './resolver.ts';

/** A bucket as the template describes it. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly cors: readonly CorsRule[];
}
export interface CorsRule {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  /** Seconds that a browser may keep the answer of a preflight. */
  readonly MaxAge?: number;
}

/** Every bucket of the template. */
export function readBuckets(resolver: Resolver): Bucket[] {
  return resolver.all('AWS::S3::Bucket').map((bucket) => ({
    name: String(resolver.attribute(bucket)),
    arn: String(resolver.attribute(bucket, 'Arn')),
    cors: resolver.property<{ CorsRules?: CorsRule[] }>(bucket, 'CorsConfiguration')?.CorsRules ?? [],
  }));
}
