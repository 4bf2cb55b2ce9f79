import { Signer } from '@aws-sdk/rds-signer';
import { toAwsDatabaseError } from './awsFailure.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import type { LoginSource } from './login.ts';
import { regionOfHost } from './rdsHost.ts';

/**
 * A token of RDS IAM as the password. It is signed here, without a call to AWS, and lives for 15 minutes; it counts at
 * the login only, so one is signed for each socket and none can be too old.
 */
export function iamLogin(settings: ConnectionSettings): LoginSource {
  const { host: hostname, port, user } = settings;
  const region = regionOfHost(hostname);
  const signer = new Signer({ hostname, port, username: user, ...(region === undefined ? {} : { region }) });
  return {
    async login() {
      try {
        return { user, password: await signer.getAuthToken() };
      } catch (error) {
        throw toAwsDatabaseError(error, settings, region);
      }
    },
    renew: () => Promise.resolve(false),
  };
}
