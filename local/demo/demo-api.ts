interface Sending {
  readonly url: string;
  /** Of who sends; nobody's without it. */
  readonly token?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Sends what a screen would send. Answers nothing when it is refused: a demo does without. */
export type DemoApi = <T>(method: 'GET' | 'POST', path: string, body?: object) => Promise<T | undefined>;

export const demoApi =
  ({ url, token, signal }: Sending): DemoApi =>
  async <T>(method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: signal ?? null,
    });
    return answer.ok ? ((await answer.json()) as T) : void (await answer.body?.cancel());
  };
