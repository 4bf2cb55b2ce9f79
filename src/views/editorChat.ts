import * as vscode from 'vscode';

/** A conversation with one of the editor's models, as plain data. */
export interface EditorChat {
  readonly id: string;
  send(request: EditorChatRequest, signal: AbortSignal): AsyncIterable<EditorChatPiece>;
  countTokens(text: string, signal: AbortSignal): Promise<number>;
}

export interface EditorChatRequest {
  readonly messages: readonly EditorChatMessage[];
  readonly tools: readonly { readonly name: string; readonly description: string; readonly schema: object }[];
  readonly mustCall: boolean;
}

export type EditorChatMessage =
  | { readonly role: 'user'; readonly text: string }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly calls?: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
    }
  | { readonly role: 'results'; readonly results: readonly { readonly id: string; readonly text: string }[] };

export type EditorChatPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: unknown };

/**
 * Finds the model, by its id or family, or takes the first one; undefined where the editor has none. The editor asks the
 * person for consent when it is first used, so it must be used in answer to something that the person did.
 */
export async function openEditorChat(idOrFamily: string | undefined): Promise<EditorChat | undefined> {
  const models = await vscode.lm.selectChatModels();
  const model =
    idOrFamily === undefined ? models[0] : models.find(({ id, family }) => id === idOrFamily || family === idOrFamily);
  return model && chatWith(model);
}

/** For a choice in the settings: what there is, as the editor calls it. */
export async function editorModels(): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return (await vscode.lm.selectChatModels()).map(({ id, name, vendor }) => ({ id, name: `${name} (${vendor})` }));
}

const chatWith = (model: vscode.LanguageModelChat): EditorChat => ({
  id: model.id,
  async *send(request, signal) {
    const { token, release } = tokenOf(signal);
    try {
      const { stream } = await model.sendRequest(request.messages.map(messageOf), optionsOf(request), token);
      for await (const part of stream) {
        if (part instanceof vscode.LanguageModelTextPart) yield { kind: 'text', text: part.value };
        else if (part instanceof vscode.LanguageModelToolCallPart)
          yield { kind: 'call', id: part.callId, name: part.name, input: part.input };
      }
    } finally {
      release();
    }
  },
  async countTokens(text, signal) {
    const { token, release } = tokenOf(signal);
    try {
      return await model.countTokens(text, token);
    } finally {
      release();
    }
  },
});

function optionsOf({ tools, mustCall }: EditorChatRequest): vscode.LanguageModelChatRequestOptions {
  const { Auto, Required } = vscode.LanguageModelChatToolMode;
  const justification = vscode.l10n.t('DataMorph writes your pipeline from your sentence.');
  if (tools.length === 0) return { justification };
  return {
    justification,
    tools: tools.map(({ name, description, schema }) => ({ name, description, inputSchema: schema })),
    toolMode: mustCall ? Required : Auto,
  };
}

function messageOf(message: EditorChatMessage): vscode.LanguageModelChatMessage {
  switch (message.role) {
    case 'user':
      return vscode.LanguageModelChatMessage.User(message.text);
    case 'assistant':
      return vscode.LanguageModelChatMessage.Assistant([
        ...(message.text === '' ? [] : [new vscode.LanguageModelTextPart(message.text)]),
        ...(message.calls ?? []).map(
          ({ id, name, input }) => new vscode.LanguageModelToolCallPart(id, name, input as object),
        ),
      ]);
    case 'results':
      return vscode.LanguageModelChatMessage.User(
        message.results.map(
          ({ id, text }) => new vscode.LanguageModelToolResultPart(id, [new vscode.LanguageModelTextPart(text)]),
        ),
      );
  }
}

/** The editor's own kind of signal, for as long as one request. */
function tokenOf(signal: AbortSignal) {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => {
    source.cancel();
  };
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return {
    token: source.token,
    release: (): void => {
      signal.removeEventListener('abort', cancel);
      source.dispose();
    },
  };
}
