/** What the page objects use of an element inside the page: the host's code is compiled without the browser's types. */
export interface PageElement {
  readonly textContent: string;
  readonly children: Iterable<PageElement>;
  readonly classList: { contains(name: string): boolean };
  readonly style: { readonly top: string };
  readonly selectedOptions: ArrayLike<PageElement>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
}
