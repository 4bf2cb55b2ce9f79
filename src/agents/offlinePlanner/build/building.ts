import type { Draft } from './draft.ts';
import type { Linker } from './linker.ts';

/** What every part of the building works on: what phrases mean, and the spec as it grows. */
export interface Building {
  readonly linker: Linker;
  readonly draft: Draft;
}
