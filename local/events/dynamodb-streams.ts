/** A record of a table's stream, as GetRecords gives it. */
export interface StreamRecord {
  eventID: string;
  eventName: string;
  eventVersion: string;
  eventSource: string;
  awsRegion: string;
  dynamodb: {
    Keys?: unknown;
    NewImage?: unknown;
    OldImage?: unknown;
    SequenceNumber: string;
    ApproximateCreationDateTime?: number;
    SizeBytes?: number;
    StreamViewType?: string;
  };
  userIdentity?: { type: string; principalId: string };
}
export interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
}

/** The operations of DynamoDB Streams over the JSON protocol. DynamoDB Local wants a signature, and does not look at it. */
export class DynamoDbStreams {
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** The stream of the table that is on now. */
  async streamOf(table: string): Promise<string | undefined> {
    const { Streams = [] } = await this.#call<{ Streams?: { StreamArn: string; StreamLabel: string }[] }>('ListStreams', {
      TableName: table,
    });
    return Streams.sort((a, b) => (a.StreamLabel < b.StreamLabel ? 1 : -1))[0]?.StreamArn;
  }

  async shards(streamArn: string): Promise<Shard[]> {
    const { StreamDescription } = await this.#call<{ StreamDescription: { Shards?: Shard[] } }>('DescribeStream', {
      StreamArn: streamArn,
    });
    return StreamDescription.Shards ?? [];
  }

  /** Where to read on: behind a record, or at the oldest or the next one. */
  async iterator(streamArn: string, shardId: string, place: { after: string } | 'TRIM_HORIZON' | 'LATEST'): Promise<string> {
    const input = { StreamArn: streamArn, ShardId: shardId };
    const from =
      typeof place === 'string'
        ? { ShardIteratorType: place }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: place.after };
    return (await this.#call<{ ShardIterator: string }>('GetShardIterator', { ...input, ...from })).ShardIterator;
  }

  async records(iterator: string, most: number): Promise<{ records: StreamRecord[]; next: string | undefined }> {
    const { Records = [], NextShardIterator } = await this.#call<{ Records?: StreamRecord[]; NextShardIterator?: string }>(
      'GetRecords',
      { ShardIterator: iterator, Limit: most },
    );
    return { records: Records.map(normalised), next: NextShardIterator };
  }

  async #call<T>(operation: string, input: object): Promise<T> {
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as T & { __type?: string; message?: string };
    if (!response.ok)
      throw Object.assign(new Error(answer.message ?? `${operation} failed.`), {
        name: answer.__type?.split('#').at(-1) ?? 'StreamError',
      });
    return answer;
  }
}

/** DynamoDB Local calls the deletion of an expired item UNKNOWN_TO_SDK_VERSION: on AWS it is a REMOVE by the service. */
function normalised(record: StreamRecord): StreamRecord {
  if (['INSERT', 'MODIFY', 'REMOVE'].includes(record.eventName)) return record;
  return { ...record, eventName: 'REMOVE', userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } };
}
