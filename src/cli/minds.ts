import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAsker, type CallRecord } from '../agents/asker.ts';
import { createBudget, usualCeiling, type Budget } from '../agents/budget.ts';
import { createCachedCodeWriter } from '../agents/codeCache.ts';
import { createCodeGate, type CodeGate } from '../agents/codeGate.ts';
import type { CodeWriter } from '../agents/codeWriter.ts';
import { codeCalls, estimateRun, estimateText, intentCalls, specsCalls } from '../agents/costEstimate.ts';
import type { JobCost } from '../agents/engine.ts';
import { glossaryFile, readGlossary } from '../agents/glossary.ts';
import { createCachedIntentWriter } from '../agents/intentCache.ts';
import type { IntentWriter } from '../agents/intentPort.ts';
import { createIntentWriter } from '../agents/intentWriter.ts';
import { createLookups } from '../agents/lookups.ts';
import type { Asker, Model } from '../agents/model.ts';
import { createModelCodeWriter } from '../agents/modelCodeWriter.ts';
import { createCachedPlanner } from '../agents/planCache.ts';
import type { GlossaryTerm, Planner, PlanRequest } from '../agents/planner.ts';
import type { Remediator, Samples, ScriptGate } from '../agents/ports.ts';
import { createPrices } from '../agents/prices.ts';
import { createRemediator } from '../agents/remediator.ts';
import type { Spending } from '../agents/run/events.ts';
import { createSpecsGenerator } from '../agents/specsGenerator.ts';
import { createSpecChecker } from '../agents/specsGenerator/checker.ts';
import type { SqlParser } from '../compiler/expressions/contract.ts';
import { createCatalogueReader } from '../services/catalogueDetails.ts';
import { checkQuery } from '../services/checkQuery.ts';
import type { ConnectionSettings } from '../services/connectionSettings.ts';
import { createFileCache } from '../services/fileCache.ts';
import { openModel, parseModelChoice, type ModelChoice } from '../services/modelChoice.ts';
import type { Postgres } from '../services/postgres.ts';
import { readPrices } from '../services/priceFile.ts';
import { createQueryGate } from '../services/queryGate.ts';
import { listRuns } from '../services/runFiles.ts';
import { samplesOn } from '../services/samples.ts';
import { pythonParser } from '../services/pythonParser.ts';
import { ceilingOf } from './arguments.ts';
import { UsageError } from './exitCodes.ts';
import { workspaceOf, type Terminal } from './terminal.ts';
import { isMissing } from '../services/isMissing.ts';

/** Everything in a run that may ask a model. */
export interface Minds {
  readonly planner?: Planner;
  readonly codeWriter?: CodeWriter;
  /** Tests what was asked for; without a model there is nobody to write such tests. */
  readonly intent?: IntentWriter;
  /** Needed for an edited script as well, whoever wrote it. */
  readonly gate?: ScriptGate;
  /** What the run has cost so far. */
  readonly spent?: () => Spending;
  readonly jobCost?: (cost: JobCost) => void;
  readonly samples?: Samples;
  readonly remediator: Remediator;
  close(): void;
}

export interface MindsParts {
  readonly terminal: Terminal;
  readonly parser: SqlParser;
  readonly postgres: Postgres;
  readonly settings: ConnectionSettings;
  /** Keeps a file with the run, such as a request and its answer, redacted. */
  readonly keep: (name: string, text: string) => Promise<void>;
  readonly needs: Needs;
  /** What the run had spent, and how many calls were kept, before it went on here. */
  readonly before?: { readonly spent: Spending; readonly calls: number };
}

export interface Needs {
  readonly plan: boolean;
  /** A script by a model. */
  readonly code: boolean;
  /** Tests of what was asked for, where there is a model to write them. */
  readonly tests: boolean;
  /** Somebody to mend what is wrong. */
  readonly mend: boolean;
}

/** Who plans and who writes code, as `--model` says. The one place where planners and models are put together. */
export async function mindsOf(parts: MindsParts): Promise<Minds> {
  const { terminal, needs, parser } = parts;
  const redact = terminal.redactor.redact;
  const python = createCodeGate({ parser: pythonParser, hidesSecret: (text) => redact(text) !== text });
  const gate: ScriptGate = (script, compiled) => python.script(script, compiled);
  // Evidence mends without a model; one that is named is asked for the rest.
  const byEvidence = createRemediator();
  const isAsked = needs.plan || needs.code || needs.tests || (needs.mend && isNamed(terminal));
  if (!isAsked) return { gate, remediator: byEvidence, close: nothing };
  const choice = choiceOf(terminal);
  if (choice.kind !== 'offline') return { gate, ...(await withModel(choice, python, parts)) };
  if (!needs.plan && !needs.code) return { gate, remediator: byEvidence, close: nothing };
  if (needs.code)
    throw new UsageError('The offline planner writes no scripts: name a --model, or leave --codegen out.');
  const { createOfflinePlanner } = await import('../agents/offlinePlanner.ts');
  return {
    gate,
    remediator: byEvidence,
    planner: within(createOfflinePlanner({ parser }), withTerms(await glossaryOf(terminal))),
    close: nothing,
  };
}

const nothing = (): void => undefined;

const isNamed = ({ values, environment }: Terminal): boolean =>
  (values.model ?? environment['DATAMORPH_MODEL']) !== undefined;

/** On AWS the model is Bedrock's, elsewhere there is none, unless somebody says otherwise. */
function choiceOf({ values, environment }: Terminal): ModelChoice {
  const usual = values.engine === 'glue' ? 'bedrock' : 'offline';
  const choice = parseModelChoice(values.model ?? environment['DATAMORPH_MODEL'] ?? usual);
  if (typeof choice === 'string') throw new UsageError(choice);
  return choice;
}

async function withModel(
  choice: Exclude<ModelChoice, { kind: 'offline' }>,
  gate: CodeGate,
  parts: MindsParts,
): Promise<Omit<Minds, 'gate'>> {
  const { terminal, parser, postgres, settings } = parts;
  const opened = await openModel(choice, { aws: {}, ...keyOf(terminal) });
  const { model } = opened;
  const { asker, spent, jobCost } = await asking(model, parts);
  const reader = {
    prepare: (sql: string, signal: AbortSignal) => postgres.prepare(sql, { signal }),
    refusal: (sql: string) => checkQuery(sql, parser)?.message,
  };
  const checker = createSpecChecker({ parser, instant: new Date().toISOString(), ...reader });
  const cache = createFileCache({ folder: join(workspaceOf(terminal), '.datamorph', 'cache'), log: terminal.log });
  const planner = createSpecsGenerator({
    ...{ asker, checker, gate },
    lookups: ({ catalogue, glossary }) =>
      createLookups({
        catalogue,
        ...(glossary && { glossary }),
        reader: createCatalogueReader(postgres, catalogue.tables),
        // Rows leave the machine only where the engineer has said so.
        ...(terminal.values.samples && { values: createQueryGate(postgres, parser, settings) }),
      }),
  });
  const modelId = model.id;
  const surroundings = await surroundingsOf(terminal);
  return {
    planner: within(createCachedPlanner({ planner, cache, modelId, checker, gate }), surroundings),
    ...(parts.needs.tests && {
      intent: knowing(
        createCachedIntentWriter({ writer: createIntentWriter({ asker, ...reader }), cache, modelId, ...reader }),
        surroundings,
      ),
    }),
    codeWriter: createCachedCodeWriter({ writer: createModelCodeWriter({ asker, gate }), cache, gate, modelId }),
    remediator: createRemediator({
      model: { asker, checker, gate, rows: terminal.values.samples === true, replans: true },
    }),
    ...{ spent, jobCost },
    ...(terminal.values.samples && { samples: samplesOn(postgres) }),
    close: () => {
      opened.close();
    },
  };
}

function keyOf({ environment, redactor }: Terminal): { readonly key?: string } {
  const key = environment['DATAMORPH_MODEL_KEY'];
  if (!key) return {};
  redactor.learn(key);
  return { key };
}

async function asking(
  model: Model,
  { terminal, keep, needs, before }: MindsParts,
): Promise<Pick<Required<Minds>, 'spent' | 'jobCost'> & { readonly asker: Asker }> {
  const file = terminal.environment['DATAMORPH_PRICES'];
  const prices = createPrices(file ? await readPrices(file) : {});
  const price = prices.of(model.provider, model.id);
  const budget = budgetOf(terminal, before?.spent);
  const calls = [
    ...(needs.plan ? [specsCalls(usualContext, 4)] : []),
    ...(needs.code ? [codeCalls(usualContext)] : []),
    ...(needs.tests ? [intentCalls(usualContext)] : []),
  ];
  const estimate = estimateRun({ model: { provider: model.provider, id: model.id }, calls }, prices);
  // What mending takes nobody knows before there is something to mend.
  if (calls.length > 0) terminal.log.info(`${model.id}: ${estimateText(estimate)}`);
  let { inputTokens, outputTokens, dollars } = before?.spent ?? { inputTokens: 0, outputTokens: 0, dollars: 0 };
  const record = async (call: CallRecord): Promise<void> => {
    inputTokens += call.usage.inputTokens + (call.usage.cacheReadTokens ?? 0) + (call.usage.cacheWriteTokens ?? 0);
    outputTokens += call.usage.outputTokens;
    dollars += call.dollars ?? 0;
    await keep(`requests/${call.number}.json`, `${terminal.redactor.redact(JSON.stringify(call, null, 2))}\n`);
  };
  const asker = createAsker({ model, price, budget, record, callsBefore: before?.calls ?? 0 });
  return {
    asker,
    spent: () => ({ inputTokens, outputTokens, dollars }),
    jobCost: (cost) => {
      dollars += budget.addJobCost(cost, prices.glueDpuHour);
    },
  };
}

/** Instructions, the slice of the schema and the glossary, in tokens. */
const usualContext = 8000;

function budgetOf({ values }: Terminal, spent: Spending | undefined): Budget {
  const ceiling = { ...usualCeiling, ...ceilingOf(values) };
  if (!spent) return createBudget({ ceiling });
  const tokens = spent.inputTokens + spent.outputTokens;
  return createBudget({ ceiling, spent: { dollars: spent.dollars, tokens, minutes: 0, unpricedTokens: 0 } });
}

type Surroundings = Pick<PlanRequest, 'glossary' | 'accepted'>;

/** What the workspace knows goes with every prompt. */
const within = (planner: Planner, surroundings: Surroundings): Planner => ({
  plan: (request, watch) => planner.plan({ ...request, ...surroundings }, watch),
});

/** Whoever tests a prompt reads it by the same glossary; accepted specs would tell what the answer looks like. */
const knowing = (writer: IntentWriter, { glossary }: Surroundings): IntentWriter => ({
  write: (request, signal) => writer.write({ ...request, ...(glossary && { glossary }) }, signal),
});

const withTerms = (glossary: readonly GlossaryTerm[]): Surroundings => (glossary.length > 0 ? { glossary } : {});

async function surroundingsOf(terminal: Terminal): Promise<Surroundings> {
  const [glossary, accepted] = [await glossaryOf(terminal), await acceptedIn(workspaceOf(terminal))];
  return { ...withTerms(glossary), ...(accepted.length > 0 && { accepted }) };
}

/** So many runs are looked through, the most recent first. */
const remembered = 50;

/** Specs whose rows were right are taken for accepted. */
async function acceptedIn(workspace: string): Promise<NonNullable<PlanRequest['accepted']>> {
  const { runs } = await listRuns(workspace);
  const found: { readonly prompt: string; readonly specText: string }[] = [];
  for (const { state, prompt, files } of runs.slice(0, remembered)) {
    const spec = files.find(({ kind }) => kind === 'spec');
    if (state === 'passed' && prompt !== undefined && spec)
      found.push({ prompt, specText: await readFile(spec.path, 'utf8') });
  }
  return found;
}

async function glossaryOf(terminal: Terminal): Promise<readonly GlossaryTerm[]> {
  try {
    const { terms, problems } = readGlossary(await readFile(join(workspaceOf(terminal), glossaryFile), 'utf8'));
    for (const { message } of problems) terminal.log.warn(`${glossaryFile}: ${message}`);
    return terms;
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
