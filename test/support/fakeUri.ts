/** The editor's addresses, as far as tests need them. */
interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

export class Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  private constructor({ scheme, authority, path, query, fragment }: UriParts) {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.query = query;
    this.fragment = fragment;
  }
  static file = (path: string): Uri => new Uri({ scheme: 'file', authority: '', path, query: '', fragment: '' });
  static from = (parts: Partial<UriParts>): Uri =>
    new Uri({ scheme: 'file', authority: '', path: '', query: '', fragment: '', ...parts });
  static joinPath = (base: Uri, ...segments: string[]): Uri =>
    new Uri({ ...base.#parts, path: [base.path.replace(/\/$/, ''), ...segments].join('/') });
  get #parts(): UriParts {
    const { scheme, authority, path, query, fragment } = this;
    return { scheme, authority, path, query, fragment };
  }
  get fsPath(): string {
    return this.path;
  }
  with(change: Partial<UriParts>): Uri {
    return new Uri({ ...this.#parts, ...change });
  }
  toString(): string {
    const place =
      this.scheme === 'untitled' ? `untitled:${this.path}` : `${this.scheme}://${this.authority}${this.path}`;
    const asked = this.query === '' ? place : `${place}?${this.query}`;
    return this.fragment === '' ? asked : `${asked}#${this.fragment}`;
  }
}
