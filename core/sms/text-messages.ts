/**
 * One text message. The rule of mail holds here too: no patient data, and no link that does more than open a page.
 */
export interface TextMessage {
  /** E.164: +15551230000. */
  readonly to: string;
  readonly text: string;
}

export interface TextMessages {
  /** Resolves when the carrier's service has taken the message over. @throws Problem unavailable when it has not */
  send(message: TextMessage): Promise<void>;
}
