import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LocalCredentials, Principal } from '../aws/credentials.ts';
import { S3Error } from './s3-error.ts';

/** A form as a browser sends it: fields by their names in small letters, and the file, which comes last. */
export interface PostForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: { readonly bytes: number };
}

type Condition =
  | readonly ['eq' | 'starts-with', string, string]
  | readonly ['content-length-range', number, number]
  | Readonly<Record<string, string>>;
interface Policy {
  readonly expiration?: string;
  readonly conditions?: readonly Condition[];
}

/** Fields that no condition has to name (S3, "POST policy": conditions). */
const FREE = /^(policy|x-amz-signature|file|x-ignore-.*)$/;

/**
 * Whose upload it is, when its policy is theirs, has not expired, and every condition holds; a field that no condition names is refused.
 * @throws S3Error as S3 words it
 */
export function checkPost(form: PostForm, bucket: string, credentials: LocalCredentials, nowMs = Date.now()): Principal {
  const { fields } = form;
  const encoded = fields.get('policy');
  if (!encoded) throw new S3Error('AccessDenied');
  const principal = signerOf(fields, encoded, credentials, nowMs);
  const policy = policyIn(encoded);
  if (!(Date.parse(policy.expiration ?? '') > nowMs))
    throw new S3Error('AccessDenied', 'Invalid according to Policy: Policy expired.');
  const named = new Set<string>();
  for (const condition of policy.conditions ?? []) {
    if (Array.isArray(condition) && condition[0] === 'content-length-range') {
      const [, least, most] = condition as [string, number, number];
      if (form.file.bytes < least) throw new S3Error('EntityTooSmall');
      if (form.file.bytes > most) throw new S3Error('EntityTooLarge');
      continue;
    }
    const [operator, name, wanted] = partsOf(condition);
    named.add(name);
    const actual = name === 'bucket' ? bucket : fields.get(name);
    const holds = operator === 'eq' ? actual === wanted : (actual?.startsWith(wanted) ?? false);
    if (!holds)
      throw new S3Error(
        'AccessDenied',
        `Invalid according to Policy: Policy Condition failed: ["${operator}", "$${name}", "${wanted}"]`,
      );
  }
  const extra = [...fields.keys()].filter((name) => !FREE.test(name) && !named.has(name));
  if (extra.length > 0) throw new S3Error('AccessDenied', `Invalid according to Policy: Extra input fields: ${extra.join(', ')}`);
  return principal;
}

function partsOf(condition: Condition): readonly ['eq' | 'starts-with', string, string] {
  if (!Array.isArray(condition)) {
    const [[name, value] = ['', '']] = Object.entries(condition);
    return ['eq', name.toLowerCase(), String(value)];
  }
  const [operator, name, wanted] = condition as [string, string, string];
  if (operator !== 'eq' && operator !== 'starts-with') throw new S3Error('InvalidPolicyDocument');
  return [operator, String(name).replace(/^\$/, '').toLowerCase(), String(wanted)];
}

function policyIn(encoded: string): Policy {
  try {
    return JSON.parse(Buffer.from(encoded, 'base64').toString()) as Policy;
  } catch {
    throw new S3Error('InvalidPolicyDocument');
  }
}

/** SigV4 of a policy: the signature is over its base64 text ("Authenticating requests: browser-based uploads using POST"). */
function signerOf(fields: ReadonlyMap<string, string>, policy: string, credentials: LocalCredentials, nowMs: number): Principal {
  const field = (name: string): string => fields.get(`x-amz-${name}`) ?? '';
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = field('credential').split('/');
  if (field('algorithm') !== 'AWS4-HMAC-SHA256' || service !== 's3' || terminator !== 'aws4_request')
    throw new S3Error('AccessDenied');
  const principal = credentials.holderOf(accessKeyId, fields.get('x-amz-security-token'), nowMs);
  if (!principal) throw new S3Error('InvalidAccessKeyId');
  const key = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${credentials.secretOf(accessKeyId)}`,
  );
  const expected = createHmac('sha256', key).update(policy).digest('hex');
  const given = field('signature');
  if (expected.length !== given.length || !timingSafeEqual(Buffer.from(expected), Buffer.from(given)))
    throw new S3Error('SignatureDoesNotMatch');
  return principal;
}
