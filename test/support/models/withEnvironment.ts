/** Sets variables of this process, takes others out, and gives the way back. */
export function withEnvironment(values: Readonly<Record<string, string>>, without: readonly string[] = []): () => void {
  const names = [...Object.keys(values), ...without];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of without) set(name, undefined);
  for (const [name, value] of Object.entries(values)) set(name, value);
  return () => {
    for (const [name, value] of before) set(name, value);
  };
}

function set(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}
