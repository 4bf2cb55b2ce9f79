import type { Node } from 'jsonc-parser';
import type { JsonPath, Positions } from './positions.ts';
import type { Fix, Span } from './problem.ts';
import type { ShapeCode } from './problemCodes.ts';
import type { ObjectShape, Shape } from './shape.ts';

/** What a handler may ask and say. */
export interface Reading {
  readonly positions: Positions;
  /** `node` must look like `shape`; `path` leads to it. */
  check(node: Node, shape: Shape, path: JsonPath): void;
  checkFields(node: Node, shape: ObjectShape, path: JsonPath): void;
  report(code: ShapeCode, span: Span, message: string, fix?: Fix): void;
  /** The value is not of the type that the spec's own types promise. */
  unsound(code: ShapeCode, span: Span, message: string, fix?: Fix): void;
}

export interface Place {
  readonly reading: Reading;
  readonly path: JsonPath;
}
