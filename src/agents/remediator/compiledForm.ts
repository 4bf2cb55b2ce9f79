import { lineDiff } from '../lineDiff.ts';
import type { RemedyRequest } from '../ports.ts';
import type { Remedy } from '../run/events.ts';
import { headsIn, linesOf, type Block } from '../../compiler/sourceMap.ts';

/**
 * What somebody edited, or a model wrote, as the compiler writes it: the step that diverges where it can be found and was not
 * put back before, otherwise the whole script.
 */
export function compiledForm({ code, programs, fault, rounds }: RemedyRequest): Remedy & { readonly kind: 'script' } {
  const step = fault.kind === 'wrong' && fault.divergence?.kind === 'step' ? fault.divergence.step : undefined;
  const isFirst = !rounds.some(({ remedy }) => remedy.kind === 'script');
  const partly = isFirst && step !== undefined ? withCompiledStep(code.script, step, programs) : undefined;
  const script = partly ?? programs.script;
  const who = code.origin === 'edited' ? 'The edited script' : 'The script that a model wrote';
  const does = fault.kind === 'wrong' ? 'gives other rows than the spec says' : 'fails';
  const where = step === undefined ? '' : ` from step ${step} on`;
  const what = partly !== undefined && partly !== programs.script ? `step ${step ?? ''} is` : 'the script is';
  return {
    kind: 'script',
    layer: 'script',
    reason: `${who} ${does}${where}: ${what} as it is compiled again.`,
    script,
    origin: script === programs.script ? 'compiled' : 'edited',
    diff: lineDiff(code.script, script, 'script.py'),
  };
}

/** Undefined where the step is not found in the script, or is the compiler's already. */
export function withCompiledStep(
  script: string,
  step: string,
  { script: compiled, sourceMap }: Pick<RemedyRequest['programs'], 'script' | 'sourceMap'>,
): string | undefined {
  const block = linesOf(sourceMap, step);
  if (!block) return undefined;
  const wanted = linesIn(compiled, block);
  const lines = script.split('\n');
  const heads = headsIn(
    lines,
    sourceMap.blocks.map(({ name }) => name),
  );
  const [mine, ...others] = heads.filter(({ name }) => name === step);
  const next = mine && heads[heads.indexOf(mine) + 1];
  if (!next || others.length > 0) return undefined;
  const restored = [...lines.slice(0, mine.at), ...wanted, '', ...lines.slice(next.at)].join('\n');
  return restored === script ? undefined : restored;
}

/** From the comment above the block on. */
function linesIn(compiled: string, { name, firstLine, lastLine }: Block): readonly string[] {
  const lines = compiled.split('\n');
  const above = headsIn(lines.slice(0, lastLine), [name]).findLast((head) => head.name === name);
  return lines.slice(above?.at ?? firstLine - 1, lastLine);
}
