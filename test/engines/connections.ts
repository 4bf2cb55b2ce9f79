/** What the runtime knows the default connection by; see python/datamorph/connections.py. */
export function variablesOf(url: string): Readonly<Record<string, string>> {
  const { hostname, port, pathname, username, password } = new URL(url);
  return {
    DATAMORPH_CONNECTION_DEFAULT: `jdbc:postgresql://${hostname}:${port}${pathname}?sslmode=disable`,
    DATAMORPH_CONNECTION_DEFAULT_USER: decodeURIComponent(username),
    DATAMORPH_CONNECTION_DEFAULT_PASSWORD: decodeURIComponent(password),
  };
}
