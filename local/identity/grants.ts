import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { JsonFile } from './json-file.ts';

interface Entry {
  payload: AdapterPayload;
  expiresMs?: number;
}

/** Entries by `<Model>:<id>`. */
type Entries = Record<string, Entry>;

/** What the OpenID provider remembers of one pool: sessions, sign-ins under way, codes, grants and refresh tokens. Kept over a restart. */
export class Grants {
  readonly #file: JsonFile<Entries>;
  readonly #nowMs: () => number;

  constructor(path: string, nowMs: () => number) {
    this.#file = new JsonFile<Entries>(path, () => ({}));
    this.#nowMs = nowMs;
  }

  readonly adapter: AdapterFactory = (model) => this.#adapterFor(model);

  /** Forgets every session, code and refresh token of one user. */
  async endSessions(sub: string): Promise<void> {
    this.#remove(({ payload }) => payload.accountId === sub);
    await this.#file.save();
  }

  /** Resolves when everything is on disk. */
  saved(): Promise<void> {
    return this.#file.save();
  }

  #adapterFor(model: string): Adapter {
    const find = (id: string): AdapterPayload | undefined => this.#read(`${model}:${id}`);
    return {
      upsert: async (id, payload, expiresInSeconds) => {
        this.#remove(({ expiresMs }) => expiresMs !== undefined && expiresMs <= this.#nowMs());
        const expiresMs = expiresInSeconds ? this.#nowMs() + expiresInSeconds * 1_000 : undefined;
        this.#file.value[`${model}:${id}`] = { payload, ...(expiresMs !== undefined && { expiresMs }) };
        await this.#file.save();
      },
      find: async (id) => find(id),
      findByUid: async (uid) => this.#entriesOf(model).find(({ payload }) => payload.uid === uid)?.payload,
      findByUserCode: async (userCode) => this.#entriesOf(model).find(({ payload }) => payload.userCode === userCode)?.payload,
      consume: async (id) => {
        const payload = find(id);
        if (payload) payload.consumed = Math.floor(this.#nowMs() / 1_000);
        await this.#file.save();
      },
      destroy: async (id) => {
        delete this.#file.value[`${model}:${id}`];
        await this.#file.save();
      },
      revokeByGrantId: async (grantId) => {
        this.#remove(({ payload }) => payload.grantId === grantId);
        await this.#file.save();
      },
    };
  }

  #read(key: string): AdapterPayload | undefined {
    const entry = this.#file.value[key];
    return entry && !this.#isOver(entry) ? entry.payload : undefined;
  }

  #entriesOf(model: string): Entry[] {
    return Object.entries(this.#file.value)
      .filter(([key, entry]) => key.startsWith(`${model}:`) && !this.#isOver(entry))
      .map(([, entry]) => entry);
  }

  #isOver({ expiresMs }: Entry): boolean {
    return expiresMs !== undefined && expiresMs <= this.#nowMs();
  }

  #remove(unwanted: (entry: Entry) => boolean): void {
    for (const [key, entry] of Object.entries(this.#file.value)) if (unwanted(entry)) delete this.#file.value[key];
  }
}
