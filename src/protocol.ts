/** Messages between the Prompt view and the host: types only, so that the browser code can see them too. */

/** Everything the Prompt view shows. The host owns it; the view is a function of it. */
export interface PromptState {
  readonly text: string;
  /** Counts the edits of the text, so that an answer to an older text never overwrites a newer one. */
  readonly revision: number;
  readonly connections: readonly string[];
  /** The chosen one; left out while there is none. */
  readonly connection?: string;
  readonly status: PromptStatus;
  readonly mentions: readonly Mention[];
  readonly labels: PromptLabels;
}

/** `ready` has a catalogue; the other states say what stands in the way, and what may be done about it. */
export type PromptStatus =
  | { readonly kind: 'ready' }
  | { readonly kind: 'busy'; readonly message: string }
  | {
      readonly kind: 'blocked';
      readonly message: string;
      readonly action?: PromptAction;
      readonly actionLabel?: string;
    };

export type PromptAction = 'addConnection' | 'enterPassword' | 'reconnect' | 'manageTrust' | 'editConnections';

/** A word of the prompt that names something in the database, or nearly does. */
export type Mention =
  | { readonly kind: 'table'; readonly label: string; readonly detail: string }
  | { readonly kind: 'column'; readonly label: string; readonly detail: string }
  | {
      readonly kind: 'near';
      /** As it stands in the prompt. */
      readonly word: string;
      readonly suggestion: string;
      readonly offset: number;
      readonly label: string;
    };

export interface PromptLabels {
  readonly prompt: string;
  readonly placeholder: string;
  readonly connection: string;
  readonly create: string;
  readonly createHint: string;
  readonly mentions: string;
  readonly noMentions: string;
}

export type ToHost =
  | { readonly kind: 'ready' }
  | { readonly kind: 'edit'; readonly text: string; readonly revision: number }
  | { readonly kind: 'choose'; readonly connection: string }
  | { readonly kind: 'accept'; readonly offset: number; readonly word: string; readonly suggestion: string }
  | { readonly kind: 'create'; readonly text: string; readonly revision: number }
  | { readonly kind: 'act'; readonly action: PromptAction };

export type ToView = { readonly kind: 'state'; readonly state: PromptState } | { readonly kind: 'focus' };
