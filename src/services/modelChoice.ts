import { ModelFailure, type Model } from '../agents/model.ts';
import type { AwsAccess } from './aws/access.ts';
import type { Chat } from './chatModel.ts';
import { endpointProblem } from './openAi/endpoint.ts';

/** Which model a run asks, as settings and the command line say it. */
export type ModelChoice =
  | { readonly kind: 'offline' }
  | { readonly kind: 'bedrock'; readonly modelId?: string }
  | { readonly kind: 'openai'; readonly endpoint: string; readonly modelId: string }
  | { readonly kind: 'editor'; readonly modelId?: string };

/** As `--model` takes it. */
export const modelNotation = 'bedrock, bedrock:ID, openai:URL#ID, editor, editor:ID or offline';

/** Reads `--model`; a text is what is wrong with it. */
export function parseModelChoice(text: string): ModelChoice | string {
  const [, kind = '', rest = ''] = /^([a-z]+)(?::(.*))?$/s.exec(text.trim()) ?? [];
  switch (kind) {
    case 'offline':
      return rest === '' ? { kind } : `"${text}" names a model, but offline has none.`;
    case 'bedrock':
    case 'editor':
      return rest === '' ? { kind } : { kind, modelId: rest };
    case 'openai': {
      const place = rest.lastIndexOf('#');
      return openAiChoice(rest.slice(0, place), rest.slice(place + 1), place > 0);
    }
    default:
      return `"${text}" names no model. Write ${modelNotation}.`;
  }
}

export interface ModelSettings {
  /** `datamorph.model.provider` */
  readonly provider?: string;
  /** `datamorph.model.id` */
  readonly id?: string;
  /** `datamorph.model.endpoint` */
  readonly endpoint?: string;
}

/** The same from the settings, where an empty text means nothing; the offline planner where nothing is set. */
export function modelChoiceOf({ provider = '', id = '', endpoint = '' }: ModelSettings): ModelChoice | string {
  if (provider === 'openai') return openAiChoice(endpoint, id, endpoint !== '');
  return parseModelChoice(`${provider || 'offline'}${id !== '' && provider !== '' ? `:${id}` : ''}`);
}

function openAiChoice(endpoint: string, modelId: string, complete: boolean): ModelChoice | string {
  if (!complete || modelId === '')
    return 'An OpenAI-compatible endpoint needs its address and the name of a model, such as openai:http://localhost:11434/v1#qwen3-coder.';
  return endpointProblem(endpoint) ?? { kind: 'openai', endpoint, modelId };
}

/** What the models are reached with; the composition root has it. */
export interface ModelAccess {
  readonly aws: AwsAccess;
  /** Of the OpenAI-compatible endpoint. Whoever gives it has told it to the redactor. */
  readonly key?: string;
  /** Where there is an editor. */
  readonly openChat?: (modelId: string | undefined) => Promise<Chat | undefined>;
}

export interface OpenModel {
  readonly model: Model;
  close(): void;
}

/** Loads the adapter that is wanted, and no other. */
export async function openModel(
  choice: Exclude<ModelChoice, { kind: 'offline' }>,
  access: ModelAccess,
): Promise<OpenModel> {
  switch (choice.kind) {
    case 'bedrock': {
      const { openBedrock } = await import('./bedrock.ts');
      const model = await openBedrock({ access: access.aws, ...(choice.modelId ? { modelId: choice.modelId } : {}) });
      return {
        model,
        close: () => {
          model.close();
        },
      };
    }
    case 'openai': {
      const { openAiModel } = await import('./openAiModel.ts');
      const { endpoint, modelId } = choice;
      return { model: openAiModel({ endpoint, modelId, ...(access.key ? { key: access.key } : {}) }), close: nothing };
    }
    case 'editor': {
      const chat = await access.openChat?.(choice.modelId);
      if (!chat) throw new ModelFailure('noModel', noChat(choice.modelId, access.openChat !== undefined));
      const { chatModel } = await import('./chatModel.ts');
      return { model: chatModel(chat), close: nothing };
    }
  }
}

const nothing = (): void => undefined;

function noChat(modelId: string | undefined, inEditor: boolean): string {
  if (!inEditor) return "The editor's models are there in the editor only: choose bedrock, openai or offline here.";
  return modelId === undefined
    ? 'The editor has no language model: install an extension that brings one, such as GitHub Copilot Chat, and sign in.'
    : `The editor has no language model ${modelId}: choose another one, or leave the setting empty.`;
}
