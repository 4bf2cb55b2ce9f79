/** The elements of HTML or XML by their opening tags, with the names of their attributes. */
export function elementsOf(text: string): readonly { readonly name: string; readonly attributes: readonly string[] }[] {
  const tags = text.replace(/<style>[\s\S]*?<\/style>/, '<style>').matchAll(/<([^/!?][^\s/>]*)((?:[^">]|"[^"]*")*)>/g);
  return [...tags].map(([, name = '', rest = '']) => ({
    name,
    attributes: [...rest.matchAll(/([^\s=]+)="[^"]*"/g)].map(([, attribute = '']) => attribute),
  }));
}
