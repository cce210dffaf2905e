import { expect, test, vi } from 'vitest';
import { cached, RENEW_BEFORE_MS, type SessionCredentials, sessionPolicy } from './tenant-credentials.ts';

const START_MS = Date.UTC(2026, 10, 23);
const hourFrom = (ms: number): SessionCredentials => ({
  accessKeyId: String(ms),
  secretAccessKey: 's',
  sessionToken: 't',
  expiration: new Date(ms + 3_600_000),
});

test('credentials are asked for once, by however many, and again before they end', async () => {
  let nowMs = START_MS;
  const ask = vi.fn(async () => hourFrom(nowMs));
  const credentials = cached(ask, () => nowMs);
  await Promise.all([credentials(), credentials(), credentials()]);
  nowMs = START_MS + 3_600_000 - RENEW_BEFORE_MS - 1;
  await credentials();
  expect(ask).toHaveBeenCalledTimes(1);
  nowMs += 1;
  expect((await credentials()).accessKeyId).toBe(String(nowMs));
  expect(ask).toHaveBeenCalledTimes(2);
});

test('held credentials are good for 15 minutes more, at any moment', async () => {
  let nowMs = START_MS;
  const credentials = cached(
    async () => hourFrom(nowMs),
    () => nowMs,
  );
  for (let minute = 0; minute < 300; minute++) {
    nowMs = START_MS + minute * 60_000;
    expect((await credentials()).expiration.getTime() - nowMs).toBeGreaterThanOrEqual(15 * 60_000);
  }
});

test('a failure is told to those who waited and is not kept', async () => {
  const ask = vi
    .fn<() => Promise<SessionCredentials>>()
    .mockRejectedValueOnce(new Error('no'))
    .mockResolvedValue(hourFrom(START_MS));
  const credentials = cached(ask, () => START_MS);
  await expect(credentials()).rejects.toThrow('no');
  expect((await credentials()).accessKeyId).toBe(String(START_MS));
});

test('a session policy names the feature’s actions and no others on the table or the documents', () => {
  const { Statement } = JSON.parse(sessionPolicy({ dynamodb: ['GetItem', 'Query'], s3: ['GetObject'] })) as {
    Statement: { Action: string[] }[];
  };
  const actions = Statement.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => !action.startsWith('kms:'))).toEqual(['dynamodb:GetItem', 'dynamodb:Query', 's3:GetObject']);
  expect(actions.filter((action) => action.endsWith(':*'))).toEqual([]);
});
