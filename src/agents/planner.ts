import type { Catalogue } from '../spec/catalogue.ts';
import type { Problem } from '../spec/problem.ts';
import type { TargetMode } from '../spec/spec.ts';

/** From a sentence to a spec: by a model (specsGenerator.ts) or without one (offlinePlanner.ts). */
export interface Planner {
  /** Rejects where the outside world fails; whatever the prompt does to it is an answer. */
  plan(request: PlanRequest, watch: PlanWatch): Promise<Plan>;
}

export interface PlanRequest {
  readonly prompt: string;
  readonly catalogue: Catalogue;
  /** What the engineer answered to the questions of an earlier plan. */
  readonly answers?: readonly Answer[];
  /** What went wrong with the plan before this one. */
  readonly note?: string;
  /** What the panel or the command line asked for beside the prompt; it wins over the prompt's words. */
  readonly target?: { readonly table?: string; readonly mode?: TargetMode };
  /** The workspace's own words. */
  readonly glossary?: readonly GlossaryTerm[];
  /** Specs of this workspace that were accepted, the most recent first. */
  readonly accepted?: readonly { readonly prompt: string; readonly specText: string }[];
}

export interface GlossaryTerm {
  readonly term: string;
  readonly meaning: string;
}

export interface PlanWatch {
  readonly signal: AbortSignal;
  /** What is going on, such as the model's text as it arrives. */
  readonly onText?: (text: string) => void;
}

export interface Question {
  /** Stable within a run: the answer refers to it. */
  readonly id: string;
  readonly text: string;
  readonly choices: readonly Choice[];
  /** Whether words of the engineer's own are an answer too. */
  readonly free?: boolean;
}

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
}

/** A choice's id, or free text. */
export interface Answer {
  readonly question: string;
  readonly answer: string;
  /** The question's text, and the label of the choice: a planner has no memory of what it asked. */
  readonly asked?: string;
  readonly label?: string;
}

export type Plan =
  /** The document, formatted; no problem of it is an error. Its assumptions stand in it. */
  | { readonly kind: 'spec'; readonly specText: string; readonly problems: readonly Problem[] }
  | { readonly kind: 'questions'; readonly questions: readonly Question[] }
  /** Out of scope, destructive, or beyond what this planner understands. */
  | { readonly kind: 'refused'; readonly reason: string; readonly words?: readonly Misunderstood[] }
  /** A draft that the checker still refuses after the repairs; it can be opened and mended by hand. */
  | { readonly kind: 'draft'; readonly specText: string; readonly problems: readonly Problem[] };

/** Words of the prompt, by their place in it, and what to do about them. */
export interface Misunderstood {
  readonly text: string;
  readonly offset: number;
  readonly hint?: string;
}
