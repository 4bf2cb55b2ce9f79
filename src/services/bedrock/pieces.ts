import type { ContentBlock, ConverseResponse, ConverseStreamOutput, TokenUsage } from '@aws-sdk/client-bedrock-runtime';
import { ModelFailure, type Usage } from '../../agents/model.ts';
import type { Piece, TurnEnd } from '../modelTurn.ts';

/** An event of a stream, as pieces of the answer. What a model thinks before it answers is none. */
export function piecesOf(event: ConverseStreamOutput): readonly Piece[] {
  const { contentBlockStart, contentBlockDelta, messageStop, metadata } = event;
  if (contentBlockStart?.start?.toolUse) {
    const { toolUseId = '', name = '' } = contentBlockStart.start.toolUse;
    return [{ kind: 'call', key: String(contentBlockStart.contentBlockIndex), id: toolUseId, name }];
  }
  const { text, toolUse } = contentBlockDelta?.delta ?? {};
  if (text !== undefined) return [{ kind: 'text', text }];
  if (toolUse) return [{ kind: 'input', key: String(contentBlockDelta?.contentBlockIndex), json: toolUse.input ?? '' }];
  if (messageStop) return [{ kind: 'end', end: endOf(messageStop.stopReason) }];
  return metadata?.usage ? [{ kind: 'usage', usage: usageOf(metadata.usage) }] : [];
}

/** A whole answer, as if it had been streamed. */
export function piecesOfWhole({ output, stopReason, usage }: ConverseResponse): readonly Piece[] {
  const content = output?.message?.content ?? [];
  return [
    ...(usage ? [{ kind: 'usage', usage: usageOf(usage) } as const] : []),
    ...content.flatMap(piecesOfBlock),
    { kind: 'end', end: endOf(stopReason) },
  ];
}

function piecesOfBlock({ text, toolUse }: ContentBlock, place: number): readonly Piece[] {
  if (text !== undefined) return [{ kind: 'text', text }];
  if (!toolUse) return [];
  const key = String(place);
  return [
    { kind: 'call', key, id: toolUse.toolUseId ?? '', name: toolUse.name ?? '' },
    { kind: 'input', key, json: JSON.stringify(toolUse.input ?? {}) },
  ];
}

function usageOf(usage: TokenUsage): Usage {
  const { inputTokens = 0, outputTokens = 0, cacheReadInputTokens, cacheWriteInputTokens } = usage;
  return {
    inputTokens,
    outputTokens,
    ...(cacheReadInputTokens === undefined ? {} : { cacheReadTokens: cacheReadInputTokens }),
    ...(cacheWriteInputTokens === undefined ? {} : { cacheWriteTokens: cacheWriteInputTokens }),
  };
}

/** Not all that Bedrock sends stands in the SDK's list. */
const ends: Readonly<Record<string, TurnEnd>> = {
  end_turn: 'complete',
  tool_use: 'complete',
  stop_sequence: 'complete',
  max_tokens: 'tooLong',
  content_filtered: 'declined',
  guardrail_intervened: 'declined',
  refusal: 'declined',
  malformed_model_output: 'malformed',
  malformed_tool_use: 'malformed',
  model_context_window_exceeded: 'tooMuch',
};

function endOf(stopReason = ''): TurnEnd {
  const end = ends[stopReason];
  if (end) return end;
  throw new ModelFailure('rejected', `The model stopped for a reason that DataMorph does not know: ${stopReason}.`);
}
