/** What a part of a document may look like: plain data, read by the checker and by the JSON Schema's writer. */
export type Shape =
  /** The name of a thing: a source, a step, a column. */
  | { readonly kind: 'name' }
  /** The name of a source or of another step. */
  | { readonly kind: 'reference' }
  /** Free text; it may not be empty unless `empty` says so. */
  | { readonly kind: 'text'; readonly empty?: boolean }
  /** `table` or `schema.table`. */
  | { readonly kind: 'table' }
  /** A PostgreSQL expression. */
  | { readonly kind: 'expression' }
  /** A PostgreSQL SELECT. */
  | { readonly kind: 'query' }
  /** A PostgreSQL type. */
  | { readonly kind: 'type' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly min: number }
  | { readonly kind: 'version'; readonly is: number }
  /** One of these words; each has its description. */
  | { readonly kind: 'choice'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'scalar'; readonly allows: readonly ScalarKind[] }
  | { readonly kind: 'list'; readonly of: Shape; readonly min: number }
  | ObjectShape
  /** Objects that their `kind` tells apart. */
  | { readonly kind: 'variants'; readonly noun: string; readonly variants: Readonly<Record<string, Variant>> }
  /** A string of one shape, or an object of another. */
  | { readonly kind: 'either'; readonly text: Shape; readonly object: ObjectShape };

export type ShapeKind = Shape['kind'];
export type ScalarKind = 'string' | 'number' | 'boolean' | 'null';

export interface ObjectShape {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Field>>;
  /** Its `kind` has told it apart from its siblings already. */
  readonly tagged?: true;
}

export interface Variant extends ObjectShape {
  /** One sentence: the hover text of the kind. */
  readonly description: string;
}

export interface Field {
  readonly shape: Shape;
  readonly required: boolean;
  readonly description: string;
}

/** One field for each property of `T`, required exactly where `T` requires it: the compiler proves the table complete. */
export type Fields<T> = {
  readonly [Key in keyof T]-?: Field & { readonly required: Partial<Pick<T, Key>> extends Pick<T, Key> ? false : true };
};

export const required = (shape: Shape, description: string) => ({ shape, required: true, description }) as const;
export const optional = (shape: Shape, description: string) => ({ shape, required: false, description }) as const;

export const objectOf = <T>(fields: Fields<T>): ObjectShape => ({
  kind: 'object',
  fields,
});
export const listOf = (of: Shape, min = 0): Shape => ({ kind: 'list', of, min });
export const choice = <Word extends string>(values: Readonly<Record<Word, string>>): Shape => ({
  kind: 'choice',
  values,
});

export const name = { kind: 'name' } as const satisfies Shape;
export const reference = { kind: 'reference' } as const satisfies Shape;
export const text = { kind: 'text' } as const satisfies Shape;
export const table = { kind: 'table' } as const satisfies Shape;
export const expression = { kind: 'expression' } as const satisfies Shape;
export const query = { kind: 'query' } as const satisfies Shape;
export const type = { kind: 'type' } as const satisfies Shape;
export const boolean = { kind: 'boolean' } as const satisfies Shape;
export const integer = (min: number): Shape => ({ kind: 'integer', min });
export const scalar = (...allows: readonly ScalarKind[]): Shape => ({ kind: 'scalar', allows });
