/** What was done about a wrong result or a failed job, round by round, and what came of it. */
import type { Remedy, Spending } from './events.ts';
import { faultIn, liveAttempts, liveRounds, type RunRecord } from './record.ts';
import type { Fault } from '../ports.ts';
import { dollarsText } from '../prices.ts';
import { headline } from '../report/words.ts';
import type { Verdict } from '../verdict.ts';
import { agrees } from '../comparison.ts';

export interface ToldRound {
  /** In the run, from 1. */
  readonly number: number;
  readonly fault: Fault;
  readonly remedy: Remedy;
  readonly spent?: Spending;
  readonly outcome: RoundOutcome;
}

export type RoundOutcome =
  | { readonly kind: 'passed' }
  /** Nothing was changed: the verdict, or the failure, stands. */
  | { readonly kind: 'stands' }
  | { readonly kind: 'wrong' | 'failed' | 'refused'; readonly words: string }
  /** Nobody knows yet. */
  | { readonly kind: 'open' };

/** The rounds that count for what is run now. */
export function toldRounds(record: RunRecord): readonly ToldRound[] {
  const rounds = liveRounds(record);
  return rounds.map(({ fault, remedy, spent }, at): ToldRound => {
    const next = rounds[at + 1];
    return {
      number: record.roundsSince + at + 1,
      ...{ fault, remedy },
      ...(spent && { spent }),
      outcome: remedy.kind === 'none' ? { kind: 'stands' } : next ? ofFault(next.fault) : ofNow(record),
    };
  });
}

function ofNow(record: RunRecord): RoundOutcome {
  const fault = faultIn(record);
  if (fault) return ofFault(fault);
  const reason = refusalIn(record);
  if (reason !== undefined) return { kind: 'refused', words: reason };
  if (record.verdict?.kind === 'passed') return { kind: 'passed' };
  const ran = liveAttempts(record).at(-1)?.outcome?.result.kind === 'succeeded';
  return ran && record.verdict ? { kind: 'wrong', words: verdictText(record.verdict) } : { kind: 'open' };
}

const ofFault = (fault: Fault): RoundOutcome =>
  fault.kind === 'wrong'
    ? { kind: 'wrong', words: verdictText(fault.verdict) }
    : { kind: 'failed', words: failureText(fault.outcome) };

/** What is wrong, in one line. */
export const faultText = (fault: Fault): string =>
  fault.kind === 'wrong' ? verdictText(fault.verdict) : failureText(fault.outcome);

/** Rows may be what the spec says, and still not what was meant. */
function verdictText(verdict: Verdict): string {
  const comparison = verdict.kind === 'failed' ? verdict.comparison : undefined;
  const isBroken = verdict.rules?.some(({ kind, rule }) => kind === 'failed' && rule.severity === 'error') ?? false;
  if (!comparison || !agrees(comparison) || isBroken) return headline(verdict);
  const reason = 'reason' in verdict ? verdict.reason : undefined;
  const why = reason ?? verdict.findings?.find(({ severity }) => severity === 'error')?.message;
  return `not what was meant${why === undefined ? '' : `: ${why}`}`;
}

function refusalIn({ plan, specText, checked, gated }: RunRecord): string | undefined {
  if (gated) return 'the gate does not let the script run';
  if (checked && !checked.programs) return 'the corrected spec has errors';
  if (specText === undefined && (plan?.kind === 'refused' || plan?.kind === 'draft')) return 'the new plan is refused';
  return undefined;
}

const failureText = ({ result, step }: Extract<Fault, { kind: 'failed' }>['outcome']): string => {
  const message = result.kind === 'failed' ? result.message : result.kind;
  return `the job failed${step === undefined ? '' : ` in step ${step}`}: ${message}`;
};

/** One sentence a round. */
export const roundText = (round: ToldRound): string =>
  `Round ${round.number}: ${round.remedy.layer}: ${round.remedy.reason} -> ${outcomeText(round.outcome)}`;

function outcomeText(outcome: RoundOutcome): string {
  switch (outcome.kind) {
    case 'passed':
      return 'passed';
    case 'stands':
      return 'nothing was changed';
    case 'open':
      return 'not known yet';
    default:
      return outcome.words;
  }
}

/** `rounds.md`: for people. */
export function roundsPage(rounds: readonly ToldRound[]): string {
  return `${['# What was done about the result', ...rounds.flatMap(roundPart)].join('\n')}\n`;
}

function roundPart({ number, fault, remedy, spent, outcome }: ToldRound): readonly string[] {
  return [
    '',
    `## Round ${number}: ${remedy.layer}`,
    '',
    `- What was wrong: ${quotedLine(faultText(fault))}`,
    `- Why, and what was done: ${quotedLine(remedy.reason)}`,
    `- What came of it: ${quotedLine(outcomeText(outcome))}`,
    ...(spent
      ? [`- What it took: ${spent.inputTokens + spent.outputTokens} tokens, ${dollarsText(spent.dollars)}`]
      : []),
    ...('diff' in remedy && remedy.diff !== '' ? ['', ...fenced(remedy.diff)] : []),
  ];
}

/** A message may hold anything; it stays on its line and is no markup. */
const quotedLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[<>[\]*_`\\]/g, '\\$&');

function fenced(diff: string): readonly string[] {
  const longest = Math.max(2, ...(diff.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}diff`, diff.trimEnd(), fence];
}
