interface Statement {
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** Whether a policy of a session lets the action through; a session without one is not narrowed. */
export function allows(policy: string | undefined, action: string, resource: string): boolean {
  if (policy === undefined) return true;
  const { Statement } = JSON.parse(policy) as { readonly Statement: readonly Statement[] };
  return Statement.some(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' &&
      Action.some((each) => matches(each, action)) &&
      Resource.some((each) => matches(each, resource)),
  );
}

const matches = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);
