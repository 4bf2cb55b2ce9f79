/** Whether phase 2 finds out that a spec answers another question: its own reference SQL plays the job, so nothing else can. */
import type { Intent, IntentOutcome, IntentRequest, IntentWriter } from '../../src/agents/intentPort.ts';
import { programsOf, type Programs } from '../../src/agents/programs.ts';
import { draftOf } from '../../src/agents/specsGenerator/draft.ts';
import { createSpecChecker } from '../../src/agents/specsGenerator/checker.ts';
import { testIntent } from '../../src/agents/validation/intentTests.ts';
import type { SqlParser } from '../../src/compiler/expressions/contract.ts';
import { loadCatalogue } from '../../src/services/catalogue.ts';
import type { Postgres } from '../../src/services/postgres.ts';
import { snapshotsOf } from '../../src/services/snapshot.ts';
import { catalogueOf, type Catalogue } from '../../src/spec/catalogue.ts';
import { misread, type Misreading } from './misreading.ts';
import { specOf } from './plan.ts';

/** Long after the sample shop's last row but one. */
export const instant = '2025-06-15T12:00:00Z';

export interface Judged {
  readonly misreading: Misreading;
  /** Whether the wrong spec gives other rows than the right one, on this data. */
  readonly changes: boolean;
  readonly right: IntentOutcome;
  readonly wrong: IntentOutcome;
}

export interface Judge {
  readonly catalogue: Catalogue;
  judge(misreading: Misreading, writer: IntentWriter): Promise<Judged>;
}

export async function judgeOn(postgres: Postgres, parser: SqlParser): Promise<Judge> {
  const { tables, searchPath, ...facts } = await loadCatalogue(postgres);
  const catalogue = catalogueOf(tables, searchPath, facts);
  const { signal } = new AbortController();
  const prepare = (sql: string) => postgres.prepare(sql);
  const checker = createSpecChecker({ parser, instant, prepare, refusal: () => undefined });

  async function programs(text: string, prompt: string): Promise<Programs> {
    const specText = await draftOf(text, { request: { prompt, catalogue }, decisions: [], checker, signal });
    const compiled = await programsOf({ specText, catalogue, parser, instant, prepare });
    if (!compiled.programs) throw new Error(`${prompt}: ${compiled.problems.map(({ message }) => message).join(' ')}`);
    return compiled.programs;
  }

  const tested = (intent: Intent, { reference = '', target, keys = [] }: Programs): Promise<IntentOutcome> =>
    snapshotsOf(postgres, parser).snapshot(
      (snapshot) => {
        const job = { table: `(${reference})`, columns: target.columns };
        return testIntent(snapshot, intent, { target: job, reference, keys, instant });
      },
      { signal },
    );

  return {
    catalogue,
    async judge(misreading, writer) {
      const { prompt, right } = misreading;
      const spec = specOf(right, prompt);
      const [rightPrograms, wrongPrograms] = [
        await programs(JSON.stringify(spec), prompt),
        await programs(misread(spec, misreading), prompt),
      ];
      const request: IntentRequest = { prompt, catalogue, columns: rightPrograms.target.columns };
      const intent = await writer.write(request, signal);
      const rows = async ({ reference = '' }: Programs): Promise<string> =>
        JSON.stringify(
          (await postgres.select<{ r: string }>(`select (r.*)::text as r from (${reference}) as r`))
            .map(({ r }) => r)
            .sort(),
        );
      return {
        misreading,
        changes: (await rows(rightPrograms)) !== (await rows(wrongPrograms)),
        right: await tested(intent, rightPrograms),
        wrong: await tested(intent, wrongPrograms),
      };
    },
  };
}

/** What the reading says, and whether a test speaks. */
export const readingOf = ({ reading }: IntentOutcome): string => reading?.kind ?? 'none';
export const failedTests = ({ tests }: IntentOutcome): number => tests.filter(({ kind }) => kind === 'failed').length;
export const droppedTests = ({ tests }: IntentOutcome): number => tests.filter(({ kind }) => kind === 'dropped').length;

export interface Figures {
  readonly family: string;
  readonly prompts: number;
  /** Of those whose rows differ: how many the reading flags, and how many a test. */
  readonly differ: number;
  readonly byReading: number;
  readonly byTests: number;
  readonly byEither: number;
  /** Alarms about right specs. */
  readonly falseAlarms: number;
  readonly tests: number;
  readonly dropped: number;
}

/** By family, and all of them at the end. */
export function figuresOf(judged: readonly Judged[]): readonly Figures[] {
  const families = [...new Set(judged.map(({ misreading }) => misreading.family))];
  const figures = (family: string, of: readonly Judged[]): Figures => {
    const differing = of.filter(({ changes }) => changes);
    const count = (test: (each: Judged) => boolean): number => differing.filter(test).length;
    const read = ({ wrong }: Judged): boolean => readingOf(wrong) === 'differs';
    const tested = ({ wrong }: Judged): boolean => failedTests(wrong) > 0;
    return {
      ...{ family, prompts: of.length, differ: differing.length, byReading: count(read), byTests: count(tested) },
      byEither: count((each) => read(each) || tested(each)),
      falseAlarms: of.filter(({ right }) => readingOf(right) === 'differs' || failedTests(right) > 0).length,
      tests: of.reduce((sum, { right }) => sum + right.tests.length, 0),
      dropped: of.reduce((sum, { right }) => sum + droppedTests(right), 0),
    };
  };
  return [
    ...families.map((family) =>
      figures(
        family,
        judged.filter(({ misreading }) => misreading.family === family),
      ),
    ),
    figures('all', judged),
  ];
}

export function tableOf(figures: readonly Figures[]): string {
  const lines = figures.map(
    ({ family, prompts, differ, byReading, byTests, byEither, falseAlarms, tests, dropped }) =>
      `| ${[family, prompts, differ, byReading, byTests, byEither, falseAlarms, tests, dropped].join(' | ')} |`,
  );
  return [
    '| family | prompts | other rows | flagged by the reading | by a test | by either | false alarms | tests | dropped |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n');
}
