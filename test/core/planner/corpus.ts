/** The planner's corpus: prompts by schema and family, with the answers that some of them come with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOfflinePlanner } from '../../../src/agents/offlinePlanner.ts';
import type { Answer, Plan, Planner } from '../../../src/agents/planner.ts';
import { loadSqlParser } from '../../../src/services/sqlParser.ts';
import { catalogueOf, type Catalogue } from '../../../src/spec/catalogue.ts';
import { banking } from './schemas/banking.ts';
import { hospital } from './schemas/hospital.ts';
import { hr } from './schemas/hr.ts';
import { logistics } from './schemas/logistics.ts';
import { music } from './schemas/music.ts';
import { shop } from './schemas/shop.ts';
import { university } from './schemas/university.ts';

const schemas = { shop, university, hospital, logistics, banking, music, hr } as const;

export type SchemaName = keyof typeof schemas;
export const schemaNames = Object.keys(schemas) as readonly SchemaName[];

export interface Example {
  readonly schema: SchemaName;
  readonly family: string;
  readonly prompt: string;
  readonly answers: readonly Answer[];
}

export const catalogueFor = (schema: SchemaName): Catalogue =>
  catalogueOf(schemas[schema], schema === 'banking' ? ['bank'] : ['public']);

/** A line is a prompt, ` => question = answer` behind it where one was asked; `#` begins a family. */
export function examplesOf(schema: SchemaName): readonly Example[] {
  const text = readFileSync(join(import.meta.dirname, 'prompts', `${schema}.txt`), 'utf8');
  let family = '';
  return text.split('\n').flatMap((line): readonly Example[] => {
    if (line.startsWith('# ')) family = line.slice(2);
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [prompt = '', ...said] = line.split(' => ');
    const answers = said.map((pair) => {
      const [question = '', answer = ''] = pair.split(' = ');
      return { question, answer };
    });
    return [{ schema, family, prompt, answers }];
  });
}

export const allExamples: readonly Example[] = schemaNames.flatMap(examplesOf);

export const loadPlanner = async (): Promise<Planner> => createOfflinePlanner({ parser: await loadSqlParser() });

export const planOf = (planner: Planner, { schema, prompt, answers }: Example): Promise<Plan> =>
  planner.plan({ prompt, answers, catalogue: catalogueFor(schema) }, { signal: new AbortController().signal });

/** The prompt with its answers, as the corpus writes it. */
export const lineOf = ({ prompt, answers }: Example): string =>
  [prompt, ...answers.map(({ question, answer }) => `${question} = ${answer}`)].join(' => ');
