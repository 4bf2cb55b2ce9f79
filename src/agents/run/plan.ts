import { measured, specIn, type Step } from './context.ts';
import type { Plan } from '../planner.ts';

/** From the prompt to a spec, or to what stands in the way of one. */
export const plan: Step = async ({ record, ports, catalogue, signal }) => {
  const { order, answers } = record;
  if (!ports.planner || order.prompt === undefined)
    throw new Error('A run without a spec needs a prompt and a planner.');
  await ports.journal.keep('prompt.txt', `${order.prompt}\n`);
  const onText = ports.watch?.onText;
  const { planner } = ports;
  const request = {
    prompt: order.prompt,
    catalogue: await catalogue(signal),
    ...(answers.length > 0 && { answers }),
    ...(order.target && { target: order.target }),
    ...(record.note === undefined ? {} : { note: record.note }),
  };
  const asked = await measured(ports, () => planner.plan(request, { signal, ...(onText && { onText }) }));
  // What comes too late must not replace what was made meanwhile.
  signal.throwIfAborted();
  const { value: found, spent } = asked;
  const text = specTextOf(found);
  if (text !== undefined) await ports.journal.keep('spec.datamorph.json', text);
  return { kind: 'planned', plan: found, ...(spent && { spent }) };
};

const specTextOf = (found: Plan): string | undefined =>
  found.kind === 'spec' || found.kind === 'draft' ? found.specText : undefined;

/** Reads what the sources are, side by side with what they hold, and makes the programs. */
export const check: Step = async (context) => {
  const { record, ports, catalogue, samples, signal } = context;
  const specText = specIn(context);
  const [known] = await Promise.all([
    catalogue(signal),
    record.order.codegen === 'model' ? samples(signal) : undefined,
    // A planner's spec stands there already.
    record.plan?.kind === 'spec' ? undefined : ports.journal.keep('spec.datamorph.json', specText),
  ]);
  const { problems, programs } = await ports.compile(specText, known, record.order.instant);
  signal.throwIfAborted();
  if (!programs) return { kind: 'checked', problems };
  const { reference } = programs;
  if (reference !== undefined) await ports.journal.keep('reference.sql', `${reference}\n`);
  return { kind: 'checked', problems, programs };
};
