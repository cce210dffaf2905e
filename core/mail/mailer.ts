/**
 * One e-mail to one person. Rule for senders: no patient data in subject or text, for mail travels and lies about in clear. Say
 * that there is something to see, and where to sign in to see it.
 */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same again, for programs that show it. Whoever reads mail as text must miss nothing. */
  readonly html?: string;
}

export interface Mailer {
  /** Resolves when the mail service has taken the mail over. @throws Problem unavailable when it has not */
  send(mail: Mail): Promise<void>;
}
