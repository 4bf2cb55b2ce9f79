/** An unchanged request asks no model: plans and code are kept under what they were made from. */
import { createHash } from 'node:crypto';
import type { CodeWriter } from './codeWriter.ts';
import type { Plan, Planner } from './planner.ts';
import type { Catalogue } from '../spec/catalogue.ts';

/** Texts by their key; whatever cannot be read is not there. */
export interface AnswerCache {
  get(key: string): Promise<string | undefined>;
  put(key: string, text: string): Promise<void>;
}

/** @param by Who answers, such as a model's id with the version of its instructions: another one is asked anew. */
export const cachedPlanner = (planner: Planner, cache: AnswerCache, by: string): Planner => ({
  async plan(request, watch) {
    const { catalogue, ...rest } = request;
    const key = `plan-${digest([by, rest, essence(catalogue)])}`;
    const known = readPlan(await cache.get(key));
    if (known) return known;
    const plan = await planner.plan(request, watch);
    // Questions and refusals may be answered otherwise the next time.
    if (plan.kind === 'spec') await cache.put(key, JSON.stringify(plan));
    return plan;
  },
});

export const cachedCodeWriter = (writer: CodeWriter, cache: AnswerCache, by: string): CodeWriter => ({
  async write(request, watch) {
    const { catalogue, ...rest } = request;
    const key = `code-${digest([by, rest, essence(catalogue)])}`;
    const script = await cache.get(key);
    if (script !== undefined) return { kind: 'script', script };
    const written = await writer.write(request, watch);
    if (written.kind === 'script') await cache.put(key, written.script);
    return written;
  },
});

/** What a plan can depend on: estimates change with every row, and no spec with them. */
const essence = ({ tables, searchPath }: Catalogue): object => ({
  searchPath,
  tables: tables.map((table) => ({ ...table, rowEstimate: undefined, sizeBytes: undefined })),
});

const digest = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

type Kept = Plan & { readonly kind: 'spec' };

/** A file of the workspace: anybody may have written it. The spec in it is checked like any other. */
function readPlan(text: string | undefined): Kept | undefined {
  if (text === undefined) return undefined;
  try {
    const found = JSON.parse(text) as Partial<Kept> | null;
    const isPlan = found?.kind === 'spec' && typeof found.specText === 'string' && Array.isArray(found.problems);
    return isPlan ? (found as Kept) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
