/** The column that an expression is, where it is nothing else; what qualifies it is left out. */
export function plainName(expression: string): string | undefined {
  const match = pattern.exec(expression.trim());
  const name = match?.[1];
  if (name === undefined) return undefined;
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}

const part = '"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*';
const pattern = new RegExp(`^(?:(?:${part})\\s*\\.\\s*)?(${part})$`, 'i');
