/** The column that an expression is, where it is nothing else. */
export function plainName(expression: string): string | undefined {
  const bare = expression.trim();
  if (/^[a-z_][a-z0-9_$]*$/i.test(bare)) return bare.toLowerCase();
  return /^"([^"]|"")+"$/.test(bare) ? bare.slice(1, -1).replaceAll('""', '"') : undefined;
}
