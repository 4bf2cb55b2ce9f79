/** What a model wrote as one line without what a reader does not see; undefined where nothing is left. */
export function oneLine(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const clean = value
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .trim();
  if (clean === '') return undefined;
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}
