/** Where the SDK finds what it signs with: its own chain (environment, profiles, SSO, roles), narrowed by these two. */
export interface AwsAccess {
  /** Otherwise AWS_REGION, or the profile's. */
  readonly region?: string;
  /** Otherwise AWS_PROFILE, or the default one. */
  readonly profile?: string;
}

/** For every client alike. The SDK repeats what is safe to repeat, and waits longer each time. */
export function clientConfig({ region, profile }: AwsAccess, maxAttempts = 5) {
  return {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    maxAttempts,
    // An answer that never comes is a failure that can be handled; silence is not.
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
    customUserAgent: 'datamorph',
  };
}
