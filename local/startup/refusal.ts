/** Why there is nothing to start: one sentence for the person at the keyboard, without a stack trace. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}
