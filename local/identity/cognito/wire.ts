import type { IncomingMessage, ServerResponse } from 'node:http';
import { DirectoryError } from '../users.ts';
import { OPERATIONS, type Target } from './operations.ts';

const SERVICE = 'AWSCognitoIdentityProviderService.';
const MOST_BYTES = 131_072;

/** Error names of the protocol itself, beside the operations' own. */
type WireError =
  | DirectoryError['name']
  | 'UnknownOperationException'
  | 'MissingAuthenticationTokenException'
  | 'SerializationException'
  | 'InternalErrorException';

/**
 * Answers one call in AWS's JSON 1.1 protocol: the operation in X-Amz-Target, the pool in the body. A call has to be signed
 * for this service, which keeps web pages out (a browser asks leave for such headers first, and gets none); whose signature
 * it is does not matter on one machine.
 */
export async function answerCognito(
  findPool: (poolId: string) => Target | undefined,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  try {
    send(res, 200, await perform(findPool, req));
  } catch (error) {
    if (!(error instanceof DirectoryError || error instanceof Refusal)) console.error(`Cognito call failed: ${String(error)}`);
    const known = error instanceof DirectoryError || error instanceof Refusal;
    const name: WireError = known ? error.name : 'InternalErrorException';
    send(res, known ? 400 : 500, { __type: name, message: known ? error.message : 'Something went wrong on this machine.' });
  }
}

class Refusal extends Error {
  override readonly name: WireError;
  constructor(name: WireError, message: string) {
    super(message);
    this.name = name;
  }
}

async function perform(findPool: (poolId: string) => Target | undefined, req: IncomingMessage): Promise<object> {
  const text = await readBody(req);
  if (!/^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[a-z0-9-]+\/cognito-idp\/aws4_request/.test(req.headers.authorization ?? '')) {
    throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const target = String(req.headers['x-amz-target'] ?? '');
  const operation = target.startsWith(SERVICE) ? OPERATIONS[target.slice(SERVICE.length)] : undefined;
  if (!operation) throw new Refusal('UnknownOperationException', `${target} is not answered on one machine.`);
  const input = parse(text);
  const pool = findPool(String(input.UserPoolId));
  if (!pool) throw new DirectoryError('ResourceNotFoundException', `User pool ${String(input.UserPoolId)} does not exist.`);
  return operation.run(pool, input);
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) throw new Refusal('SerializationException', 'The request is too large.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Answered below, like any other body that is no object.
  }
  throw new Refusal('SerializationException', 'The request is not a JSON object.');
}

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  res.end(JSON.stringify(body));
}
