/** What is wrong with the address of an OpenAI-compatible API; undefined where nothing is. */
export function endpointProblem(endpoint: string): string | undefined {
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))
    return 'The address of the model must be one that begins with http:// or https://.';
  const { username, password } = new URL(endpoint);
  // A key in an address would stand in every log.
  if (username !== '' || password !== '')
    return 'The address of the model holds a password: take it out, and give it as the key.';
  return undefined;
}
