import { signIn } from '../../local/identity/sign-in.ts';
import { type StackAddress, stackAt } from './stack.ts';

/** Answers the body. @throws Error with the beginning of what was said when it is no success */
export type StaffApi = <T>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<T>;

/** The API of a clinic of a running stack, as its demo user of this role. Paths begin behind /api/{tenant}. */
export async function staffApi(address: StackAddress, slug: string, role: string): Promise<StaffApi> {
  const { accessToken } = await signIn({ url: address.url, user: stackAt(address).user(slug, role) });
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`${address.url}/api/${slug}${path}`, {
      method,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} is ${answer.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  };
}
