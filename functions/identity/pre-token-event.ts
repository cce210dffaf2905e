import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';

/** Claims to set in a token, or to leave out. Values may be objects since version 2 of the trigger; the published types say strings. */
export interface ClaimChanges {
  readonly claimsToAddOrOverride?: Readonly<Record<string, unknown>>;
  readonly claimsToSuppress?: readonly string[];
}

/** Cognito's pre-token-generation event, version 2 (Amazon Cognito Developer Guide, "Pre token generation Lambda trigger"). */
export type PreTokenEvent = Omit<PreTokenGenerationV2TriggerEvent, 'response'> & {
  readonly response: {
    readonly claimsAndScopeOverrideDetails: {
      readonly idTokenGeneration?: ClaimChanges;
      readonly accessTokenGeneration?: ClaimChanges;
    } | null;
  };
};
