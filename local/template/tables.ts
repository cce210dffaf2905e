import type { AttributeDefinition, GlobalSecondaryIndex, KeySchemaElement, StreamSpecification } from '@aws-sdk/client-dynamodb';
import type { Resolver } from './resolver.ts';

/** A DynamoDB table as the template describes it, in the words of CreateTable. */
export interface Table {
  readonly name: string;
  readonly attributes: AttributeDefinition[];
  readonly key: KeySchemaElement[];
  readonly indexes: GlobalSecondaryIndex[];
  readonly stream: StreamSpecification | undefined;
  /** The attribute that holds the second (epoch) after which the item may go. */
  readonly expiryAttribute: string | undefined;
}

interface TimeToLive {
  Enabled?: boolean;
  AttributeName?: string;
}

/** Every table of the template. */
export function readTables(resolver: Resolver): Table[] {
  return resolver.all('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table').map((table) => {
    const stream = resolver.property<{ StreamViewType?: StreamSpecification['StreamViewType'] }>(table, 'StreamSpecification');
    const expiry = resolver.property<TimeToLive>(table, 'TimeToLiveSpecification');
    return {
      name: String(resolver.attribute(table)),
      attributes: resolver.property<AttributeDefinition[]>(table, 'AttributeDefinitions') ?? [],
      key: resolver.property<KeySchemaElement[]>(table, 'KeySchema') ?? [],
      indexes: (resolver.property<GlobalSecondaryIndex[]>(table, 'GlobalSecondaryIndexes') ?? []).map(
        ({ IndexName, KeySchema, Projection }) => ({
          IndexName,
          KeySchema,
          Projection,
        }),
      ),
      stream: stream?.StreamViewType ? { StreamEnabled: true, StreamViewType: stream.StreamViewType } : undefined,
      expiryAttribute: expiry?.Enabled ? expiry.AttributeName : undefined,
    };
  });
}
