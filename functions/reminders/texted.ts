import { createHmac } from 'node:crypto';
import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { keyItem, stringOf } from '../../core/store/item.ts';
import { keys, readTexted } from '../../core/store/keys.ts';
import { orUnavailable } from '../../core/store/table.ts';
import type { FhirId, TenantId } from '../../schemas/ids.ts';

/** Charts that one number may belong to: a family, in a few clinics. */
const MOST = 200;

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
    const { Items = [] } = await orUnavailable(
      this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: keys.textedAt(this.#hash(number)) } },
          ConsistentRead: true,
          Limit: MOST,
        }),
      ),
    );
    return Items.map((item) => readTexted(stringOf(item, 'sk')));
  }

  #hash(number: string): string {
    return createHmac('sha256', this.#secret).update(`texted\n${number}`).digest('base64url').slice(0, 27);
  }
}
