/**
 * Stands in for `@aws-sdk/credential-provider-node` in the functions' bundles: on Lambda credentials come in the environment, and
 * the ways of finding them elsewhere (profiles, single sign-on, instance metadata) would be 100 KB that no function ever runs.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) throw new Error('Lambda puts credentials into the environment, and there are none.');
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
};
