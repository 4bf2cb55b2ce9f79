import * as vscode from 'vscode';

/** One question of a dialogue: draws itself, and says what was answered. */
export interface TextStep {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly secret?: boolean;
  /** Undefined where the answer will do. */
  readonly validate?: (answer: string) => string | undefined;
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly detail?: string;
}

export interface StepFrame {
  readonly title: string;
  readonly step: number;
  readonly total: number;
}

export type Answer<Value> =
  { readonly kind: 'answer'; readonly value: Value } | { readonly kind: 'back' } | { readonly kind: 'cancel' };

/** A text, with a way back to the question before. */
export function askText(frame: StepFrame, step: TextStep): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = step.prompt;
  input.value = step.value ?? '';
  input.placeholder = step.placeholder;
  input.password = step.secret ?? false;
  return run(input, frame, (finish) => [
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    }),
    input.onDidAccept(() => {
      // A password may begin and end with blanks; nothing else does on purpose.
      const answer = step.secret ? input.value : input.value.trim();
      const complaint = step.validate?.(answer);
      if (complaint === undefined) finish({ kind: 'answer', value: answer });
      else input.validationMessage = complaint;
    }),
  ]);
}

/** One of a few. */
export function askChoice<Value extends string>(
  frame: StepFrame,
  prompt: string,
  choices: readonly Choice<Value>[],
  active?: Value,
): Promise<Answer<Value>> {
  const pick = vscode.window.createQuickPick<Choice<Value> & vscode.QuickPickItem>();
  pick.items = choices;
  pick.placeholder = prompt;
  pick.activeItems = choices.filter((choice) => choice.value === active);
  return run(pick, frame, (finish) => [
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item) finish({ kind: 'answer', value: item.value });
    }),
  ]);
}

function run<Value>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem & Choice<string>>,
  frame: StepFrame,
  listen: (finish: (answer: Answer<Value>) => void) => readonly vscode.Disposable[],
): Promise<Answer<Value>> {
  input.title = frame.title;
  input.step = frame.step;
  input.totalSteps = frame.total;
  // A password manager or another window takes the focus; what was typed stays.
  input.ignoreFocusOut = true;
  input.buttons = frame.step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const finish = (answer: Answer<Value>): void => {
      resolve(answer);
      for (const listener of listeners) listener.dispose();
      input.dispose();
    };
    const listeners = [
      ...listen(finish),
      input.onDidTriggerButton(() => {
        finish({ kind: 'back' });
      }),
      input.onDidHide(() => {
        finish({ kind: 'cancel' });
      }),
    ];
    input.show();
  });
}
