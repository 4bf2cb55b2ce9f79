import type { Login } from './protocol.ts';

/** PostgreSQL cuts longer application names off. */
const longestName = 63;

/**
 * The connections with the run's name in them, so that its sessions on the database can be told from all others, and ended.
 * A connection that is described by a secret's ARN keeps its own name.
 */
export function namedConnections(
  described: Readonly<Record<string, string>>,
  runId: string,
): { readonly variables: Readonly<Record<string, string>>; readonly logins: readonly Login[] } {
  const applicationName = `datamorph ${runId}`.slice(0, longestName);
  // For connections that a script describes itself; see python/standin/awsglue/databases.py.
  const variables: Record<string, string> = { ...described, DATAMORPH_APPLICATION_NAME: applicationName };
  const logins: Login[] = [];
  for (const [name, value] of Object.entries(described)) {
    if (!name.startsWith('DATAMORPH_CONNECTION_') || !value.startsWith('jdbc:postgresql:')) continue;
    const url = withApplicationName(value, applicationName);
    variables[name] = url;
    logins.push({ url, user: described[`${name}_USER`] ?? '', password: described[`${name}_PASSWORD`] ?? '' });
  }
  return { variables, logins };
}

function withApplicationName(url: string, name: string): string {
  const [address = '', query = ''] = url.split('?');
  const kept = query.split('&').filter((each) => each !== '' && !each.startsWith('ApplicationName='));
  return `${address}?${[...kept, `ApplicationName=${encodeURIComponent(name)}`].join('&')}`;
}
