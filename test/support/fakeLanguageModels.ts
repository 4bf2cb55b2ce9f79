/** The editor's language models, for the fake editor: what the views need of `vscode.lm`, with models that a test writes. */
export class LanguageModelTextPart {
  constructor(readonly value: string) {}
}
export class LanguageModelToolCallPart {
  constructor(
    readonly callId: string,
    readonly name: string,
    readonly input: object,
  ) {}
}
export class LanguageModelToolResultPart {
  constructor(
    readonly callId: string,
    readonly content: readonly unknown[],
  ) {}
}
export enum LanguageModelChatToolMode {
  Auto = 1,
  Required = 2,
}
export class LanguageModelChatMessage {
  private constructor(
    readonly role: 'user' | 'assistant',
    readonly content: unknown,
  ) {}
  static User = (content: unknown): LanguageModelChatMessage => new LanguageModelChatMessage('user', content);
  static Assistant = (content: unknown): LanguageModelChatMessage => new LanguageModelChatMessage('assistant', content);
}

export class CancellationTokenSource {
  disposed = false;
  readonly token = { isCancellationRequested: false };
  cancel(): void {
    this.token.isCancellationRequested = true;
  }
  dispose(): void {
    this.disposed = true;
  }
}

export interface FakeLanguageModel {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  readonly family: string;
  sendRequest(
    messages: readonly LanguageModelChatMessage[],
    options: unknown,
    token: CancellationTokenSource['token'],
  ): Promise<{ readonly stream: AsyncIterable<unknown> }>;
  countTokens(text: string): Promise<number>;
}

export const lm = {
  /** Set by a test. */
  models: [] as readonly FakeLanguageModel[],
  selectChatModels: (): Promise<readonly FakeLanguageModel[]> => Promise.resolve(lm.models),
};
