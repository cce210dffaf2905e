import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { TenantId } from '../../schemas/ids.ts';
import { incomingKey } from './scan-files.ts';
import type { Upload } from './upload.ts';

/** The account's own bus, on which GuardDuty tells its results. */
const ACCOUNT_BUS = 'default';
/** Of a result that is told again by us: AWS lets nobody speak in GuardDuty's name. */
export const TOLD_AGAIN = 'tessera.scans';
export const SCAN_RESULT = 'GuardDuty Malware Protection Object Scan Result';

/** Tells the result of a malware check once more, as it was: the intake takes it in as it does the first time. */
export async function tellAgain(client: EventBridgeClient, detail: unknown): Promise<void> {
  const { FailedEntryCount = 0 } = await client.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: ACCOUNT_BUS, Source: TOLD_AGAIN, DetailType: SCAN_RESULT, Detail: JSON.stringify(detail) }],
    }),
  );
  if (FailedEntryCount > 0) throw new Error('The bus did not take the event.');
}

/** What GuardDuty said of an upload's first file, whose etag says that it was found clean. */
export const resultOf = (tenant: TenantId, { id, files }: Upload, bucket: string): object => ({
  scanStatus: 'COMPLETED',
  s3ObjectDetails: { bucketName: bucket, objectKey: incomingKey(tenant, id, 0), eTag: files[0]?.etag ?? '' },
  scanResultDetails: { scanResultStatus: 'NO_THREATS_FOUND' },
});
