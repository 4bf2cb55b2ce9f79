/** A user's mistake is a value: where it is, how bad it is, what it says, and where possible the edit that mends it. */
export interface Problem {
  /** Stable; documented in docs/problems.md under the same word. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** One sentence that names the thing, and the way out where there is one. */
  readonly message: string;
  readonly span: Span;
  readonly fix?: Fix;
}

/** A place in the document's text, in UTF-16 units, as the editor counts. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface TextEdit extends Span {
  readonly text: string;
}
