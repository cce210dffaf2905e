import type { PreTokenEvent } from '../../functions/identity/pre-token-event.ts';
import type { PasswordPolicy } from './passwords.ts';

/** A user pool and its one client, as the template describes them. */
export interface PoolSettings {
  /** The path segment of the issuer: "staff", "patients". */
  readonly name: string;
  /** AWS-shaped: "us-east-1_Staff0001". */
  readonly poolId: string;
  readonly clientId: string;
  /** `http://localhost:<port>/oidc/<name>` */
  readonly issuer: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  /** ON: nobody signs in without a second factor, and who has none sets it up first. OPTIONAL: asked of those who have one. */
  readonly mfa: 'ON' | 'OPTIONAL' | 'OFF';
  readonly passwordPolicy: PasswordPolicy;
  /** The pool's pre-token-generation trigger (V2), where it has one. A failing trigger fails the sign-in, as on AWS. */
  readonly preToken?: PreToken;
  /** The pool's groups; users can only be put into these. */
  readonly groups?: readonly string[];
  readonly refreshTokenHours?: number;
}

export type PreToken = (event: PreTokenEvent) => Promise<PreTokenEvent>;

/** Minutes that access and id tokens live, here and on AWS. */
export const ACCESS_TOKEN_MINUTES = 15;
