/**
 * Whether a Host header names this machine. A page of another site whose own name was made to point here is to be refused
 * (DNS rebinding): its browser takes it for one origin with whatever listens.
 */
export const isLoopbackHost = (host: string | undefined): boolean =>
  /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '');
