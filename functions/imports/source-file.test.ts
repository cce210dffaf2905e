import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { entriesOf, UnreadableFile } from './source-file.ts';

const bundle = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    {
      fullUrl: 'urn:uuid:1',
      resource: { resourceType: 'Patient' },
      request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=a|1' },
    },
    null,
  ],
};

describe('entriesOf', () => {
  test('reads a gzip bundle, keeping places, fullUrl and ifNoneExist, and what is no entry at all', () => {
    expect(entriesOf(gzipSync(JSON.stringify(bundle)), { format: 'bundle', encoding: 'gzip' })).toEqual([
      { position: 0, fullUrl: 'urn:uuid:1', ifNoneExist: 'identifier=a|1', resource: { resourceType: 'Patient' } },
      { position: 1, resource: null },
    ]);
  });

  test('takes a single resource as a file of one entry', () => {
    expect(entriesOf(Buffer.from('\uFEFF{"resourceType":"Patient","id":"a"}'), { format: 'bundle' })).toEqual([
      { position: 0, resource: { resourceType: 'Patient', id: 'a' } },
    ]);
  });

  test('a bad line of ndjson is an entry of its own, so that the counts still add up', () => {
    const entries = entriesOf(Buffer.from('{"resourceType":"Patient"}\r\n\n{oops\n{"resourceType":"Device"}'), {
      format: 'ndjson',
    });
    expect(entries.map((entry) => entry.unreadable ?? 'read')).toEqual(['read', 'This line is not JSON.', 'read']);
  });

  test('a line that nests too deeply to be walked is refused by itself', () => {
    const deep = `{"resourceType":"Patient","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const [first, second] = entriesOf(Buffer.from(`${deep}\n{"resourceType":"Device"}`), { format: 'ndjson' });
    expect(first).toMatchObject({ resource: undefined, unreadable: 'JSON may nest 64 levels deep.' });
    expect(second).not.toHaveProperty('unreadable');
  });

  test.each([
    { bytes: Buffer.from('not json'), file: { format: 'bundle' as const }, because: 'no JSON' },
    { bytes: Buffer.from('[1]'), file: { format: 'bundle' as const }, because: 'no resource' },
    { bytes: Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)), file: { format: 'bundle' as const }, because: 'too deep' },
    { bytes: Buffer.from('{}'), file: { format: 'bundle' as const, encoding: 'gzip' as const }, because: 'no gzip' },
  ])('refuses the whole file: $because', ({ bytes, file }) => {
    expect(() => entriesOf(bytes, file)).toThrow(UnreadableFile);
  });
});
