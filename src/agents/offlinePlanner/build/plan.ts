/** From clauses to the rows that are written. */
import type { CatalogueTable } from '../../../spec/catalogue.ts';
import type { Target } from '../intent.ts';
import type { Building } from './building.ts';
import { Draft, type Flow } from './draft.ts';
import { grouped } from './grouped.ts';
import type { Linker } from './linker.ts';
import { finishRows } from './output.ts';
import { rowLevel } from './rowLevel.ts';
import { focusOf } from './scope.ts';
import { inOrder } from './sequence.ts';
import { unionFlow } from './union.ts';
import type { Wishes } from './wishes.ts';

export interface Planned {
  readonly draft: Draft;
  readonly flow: Flow;
  readonly base: CatalogueTable;
  readonly target: Target;
}

/** Nothing where the linker has a question or a refusal. */
export function plan(wishes: Wishes, linker: Linker): Planned | undefined {
  if (!inOrder(wishes, linker)) return undefined;
  const building: Building = { linker, draft: new Draft() };
  const union = wishes.first('union')?.union;
  const [stand] = new Set(linker.standIns.values());
  if (union && stand) building.draft.made.set(stand, unionFlow(union, stand, building));
  const focus = focusOf(wishes, linker);
  if (!focus || linker.refused.length > 0) return undefined;
  const rows = focus.isGrouped ? grouped(wishes, focus, building) : rowLevel(wishes, focus, building);
  const flow = rows && finishRows(rows, wishes, { ...building, focus });
  const targets = wishes.of('target').map(({ target }) => target);
  return flow && { draft: building.draft, flow, base: focus.base, target: Object.assign({}, ...targets) as Target };
}
