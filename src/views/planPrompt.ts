import * as vscode from 'vscode';
import type { Catalogue } from '../spec/catalogue.ts';
import type { Spec } from '../spec/spec.ts';
import { draftSpec } from './draftSpec.ts';
import { readPromptNames } from './promptNames.ts';

/** Plans a prompt without running anything; answers are those to the questions of an earlier plan. */
export type PlanPrompt = (request: {
  readonly prompt: string;
  readonly catalogue: Catalogue;
  readonly answers: readonly PromptAnswer[];
}) => Promise<PlannedPrompt>;

export type PlannedPrompt =
  | { readonly kind: 'spec'; readonly spec: Spec }
  | { readonly kind: 'questions'; readonly questions: readonly PromptQuestion[] }
  /** `words` are those of the prompt that were not understood, each with a hint where there is one. */
  | { readonly kind: 'refused'; readonly reason: string; readonly words: readonly string[] };

export interface PromptQuestion {
  readonly id: string;
  readonly text: string;
  readonly choices: readonly { readonly id: string; readonly label: string; readonly detail?: string }[];
}

export interface PromptAnswer {
  readonly question: string;
  readonly answer: string;
}

export interface Prompted {
  readonly prompt: string;
  readonly catalogue: Catalogue;
  /** Named in the spec where the workspace has more than one. */
  readonly connection?: string;
  readonly plan: PlanPrompt;
}

/** The planned spec; where the planner does not understand, a draft if the engineer wants one; nothing if they turn away. */
export async function specFromPrompt({ prompt, catalogue, connection, plan }: Prompted): Promise<Spec | undefined> {
  let answers: readonly PromptAnswer[] = [];
  for (;;) {
    const planned = await plan({ prompt, catalogue, answers });
    switch (planned.kind) {
      case 'spec':
        return connection === undefined ? planned.spec : onConnection(planned.spec, connection);
      case 'questions': {
        const given = await askAll(planned.questions);
        if (!given) return undefined;
        answers = [...answers, ...given];
        break;
      }
      case 'refused': {
        const draft = vscode.l10n.t('Write It by Hand');
        const message = [planned.reason, ...planned.words].join(' ');
        if ((await vscode.window.showWarningMessage(message, draft)) !== draft) return undefined;
        const { tables } = readPromptNames(prompt, catalogue);
        return draftSpec({ prompt, tables, ...(connection === undefined ? {} : { connection }) });
      }
    }
  }
}

/** Undefined where the engineer leaves one open. */
async function askAll(questions: readonly PromptQuestion[]): Promise<readonly PromptAnswer[] | undefined> {
  const answers: PromptAnswer[] = [];
  for (const { id, text, choices } of questions) {
    const items = choices.map((choice) => ({
      label: choice.label,
      ...(choice.detail === undefined ? {} : { detail: choice.detail }),
      choice: choice.id,
    }));
    const picked = await vscode.window.showQuickPick(items, { title: text, ignoreFocusOut: true });
    if (!picked) return undefined;
    answers.push({ question: id, answer: picked.choice });
  }
  return answers;
}

const onConnection = (spec: Spec, connection: string): Spec => ({
  ...spec,
  sources: spec.sources.map(({ name, ...source }) => ({ name, connection, ...source })),
  target: { connection, ...spec.target },
});
