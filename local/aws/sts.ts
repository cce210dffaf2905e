import { randomUUID } from 'node:crypto';
import type { Role, Statement } from '../template/roles.ts';
import type { LocalCredentials, Principal } from './credentials.ts';
import { isAllowed } from './policy.ts';

/** An answer of a query-protocol service. */
export interface XmlAnswer {
  readonly status: number;
  readonly xml: string;
}

/** Seconds: STS's own default, and the most a chained session may last. */
const DEFAULT_SECONDS = 3_600;
const LEAST_SECONDS = 900;

/** STS AssumeRole: credentials of this machine for a role of the template, when its trust policy lets the caller in. */
export const createSts =
  ({ roles, credentials }: { roles: readonly Role[]; credentials: LocalCredentials }) =>
  (form: URLSearchParams, caller: Principal | undefined, nowMs = Date.now()): XmlAnswer => {
    if (form.get('Action') !== 'AssumeRole')
      return failure(400, 'InvalidAction', `The local STS does not know ${form.get('Action')}.`);
    const arn = form.get('RoleArn') ?? '';
    const role = roles.find((known) => known.arn === arn);
    const tags = tagsOf(form);
    const durationSeconds = Number(form.get('DurationSeconds') ?? DEFAULT_SECONDS);
    if (!caller) return failure(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
    if (durationSeconds < LEAST_SECONDS || durationSeconds > DEFAULT_SECONDS) {
      return failure(
        400,
        'ValidationError',
        `DurationSeconds must be from ${LEAST_SECONDS} to ${DEFAULT_SECONDS} for a chained session.`,
      );
    }
    if (!role || !trusts(role.trust, caller, tags)) {
      return failure(
        403,
        'AccessDenied',
        `User: ${caller.role} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      );
    }
    const expiresMs = nowMs + durationSeconds * 1_000;
    const issued = credentials.issue({ role: arn, tags, expiresMs });
    return {
      status: 200,
      xml: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROALOCAL:${escapeXml(form.get('RoleSessionName') ?? '')}</AssumedRoleId><Arn>${escapeXml(arn)}</Arn></AssumedRoleUser><Credentials><AccessKeyId>${issued.accessKeyId}</AccessKeyId><SecretAccessKey>${escapeXml(issued.secretAccessKey)}</SecretAccessKey><SessionToken>${issued.sessionToken}</SessionToken><Expiration>${new Date(expiresMs).toISOString()}</Expiration></Credentials></AssumeRoleResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></AssumeRoleResponse>`,
    };
  };

/** Whether the trust policy names the caller and its conditions on the session tags hold. The runtime itself may assume any role. */
function trusts(trust: readonly Statement[], caller: Principal, tags: Readonly<Record<string, string>>): boolean {
  const named = caller.role === 'root' ? trust : trust.filter(({ Principal: allowed }) => arnsOf(allowed).includes(caller.role));
  const context = {
    'aws:TagKeys': Object.keys(tags),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, [value]])),
  };
  return isAllowed(named, caller, { action: 'sts:AssumeRole', resource: '', context });
}

function arnsOf(principal: unknown): string[] {
  const arns = typeof principal === 'object' && principal !== null ? (principal as { AWS?: string | string[] }).AWS : undefined;
  return arns === undefined ? [] : [arns].flat();
}

/** Session tags: Tags.member.1.Key=tenant & Tags.member.1.Value=… */
function tagsOf(form: URLSearchParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let index = 1; form.has(`Tags.member.${index}.Key`); index += 1) {
    tags[form.get(`Tags.member.${index}.Key`) ?? ''] = form.get(`Tags.member.${index}.Value`) ?? '';
  }
  return tags;
}

function failure(status: number, code: string, message: string): XmlAnswer {
  return {
    status,
    xml: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  };
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
