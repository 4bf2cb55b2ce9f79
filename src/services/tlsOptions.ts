import { readFile } from 'node:fs/promises';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import type { ConnectionSettings } from './connectionSettings.ts';
import { DatabaseError, failureTemplates } from './databaseFailure.ts';
import { isChinaHost, isRdsHost } from './rdsHost.ts';

/** How the driver encrypts. The name is checked against the settings' own host, an address just as well as a name. */
export async function tlsOptions(settings: ConnectionSettings): Promise<false | ConnectionOptions> {
  const { ssl, host } = settings;
  switch (ssl) {
    case 'disable':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify-full': {
      const ca = await trusted(settings);
      return {
        rejectUnauthorized: true,
        checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
        ...(ca === undefined ? {} : { ca }),
      };
    }
  }
}

/** What the settings name; for RDS the authorities of RDS and no other; else what Node trusts. */
async function trusted({ host, sslRootCert }: ConnectionSettings): Promise<string | string[] | undefined> {
  if (sslRootCert !== undefined) return readRootCert(sslRootCert, host);
  if (!isRdsHost(host) || isChinaHost(host)) return undefined;
  return [...(await import('./rdsCertificates.ts')).rdsCertificates];
}

async function readRootCert(file: string, host: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const failure = { code: 'tls-root-cert', template: failureTemplates['tls-root-cert'], isRetryable: false } as const;
    throw new DatabaseError({ ...failure, values: { host, reason } }, cause);
  }
}
