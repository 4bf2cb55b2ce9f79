/** A database's address as the secret that RDS would keep of it. The throw-away server has no certificate. */
export function databaseSecret(url: string): object {
  const { hostname, port, pathname, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    dbname: pathname.slice(1),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    sslmode: 'disable',
  };
}
