import type { FindingPlace, PhaseName } from '../verdict.ts';

export const phaseTitles: Readonly<Record<PhaseName, string>> = {
  rules: 'Rules that there are',
  intent: 'Tests from the prompt',
  execution: 'Rules and tests run',
  comparison: 'Comparison',
  verification: 'Failures looked into',
  analysis: 'Verdict',
};

/** `step sums, script lines 12 to 18, spec /checks/0`; nothing where no place is known. */
export function placeWords({ step, lines, file, pointer }: FindingPlace): string {
  const parts = [
    ...(step === undefined ? [] : [`step ${step}`]),
    ...(lines ? [`script lines ${lines.first} to ${lines.last}`] : []),
    ...(pointer !== undefined || file !== undefined ? [[file ?? 'spec', pointer ?? ''].filter(Boolean).join(' ')] : []),
  ];
  return parts.join(', ');
}
