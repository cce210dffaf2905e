import { createHmac } from 'node:crypto';
import { type AttributeValue, type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { keyItem, stringOf } from '../../core/store/item.ts';
import { keys, readTexted } from '../../core/store/keys.ts';
import { orUnavailable } from '../../core/store/table.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';

/** Charts of one number in an answer: a family in a few clinics is one page, a home of hundreds is several. */
const PAGE = 200;

/**
 * Who was written to at a number, so that its STOP reaches the charts it belongs to without a look into every clinic. The number is kept as
 * a keyed hash.
 */
export class Texted {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #secret: string;
  constructor({ client, table, secret }: { client: DynamoDBClient; table: string; secret: string }) {
    this.#client = client;
    this.#table = table;
    this.#secret = secret;
  }

  async note(number: string, tenant: TenantId, patient: FhirId): Promise<void> {
    const Item = keyItem(keys.texted(this.#hash(number), tenant, patient));
    await orUnavailable(this.#client.send(new PutItemCommand({ TableName: this.#table, Item })));
  }

  async at(number: string): Promise<{ tenant: TenantId; patient: FhirId }[]> {
    const found: { tenant: TenantId; patient: FhirId }[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await orUnavailable(
        this.#client.send(
          new QueryCommand({
            TableName: this.#table,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': { S: keys.textedAt(this.#hash(number)) } },
            ConsistentRead: true,
            Limit: PAGE,
            ...(ExclusiveStartKey && { ExclusiveStartKey }),
          }),
        ),
      );
      found.push(...Items.map((item) => readTexted(stringOf(item, 'sk'))));
      ExclusiveStartKey = LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found;
  }

  #hash(number: string): string {
    return createHmac('sha256', this.#secret).update(`texted\n${number}`).digest('base64url').slice(0, 27);
  }
}
