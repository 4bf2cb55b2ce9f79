import type { Locator, Page } from 'playwright-core';
import { ActivityBar } from './activityBar.ts';
import { Notifications } from './notifications.ts';
import { OutputPanel } from './outputPanel.ts';
import { ProblemsPanel } from './problemsPanel.ts';
import { TextEditor } from './textEditor.ts';
import { TreeView } from './treeView.ts';
import { WebviewView } from './webviewView.ts';

/** The four themes that every view is looked at in, with the classes that the workbench and the pages of webviews then have. */
export const themes = {
  dark: { name: 'Dark Modern', workbench: 'vs-dark', webview: 'vscode-dark' },
  light: { name: 'Light Modern', workbench: 'vs', webview: 'vscode-light' },
  'high-contrast': { name: 'Dark High Contrast', workbench: 'hc-black', webview: 'vscode-high-contrast' },
  'high-contrast-light': {
    name: 'Light High Contrast',
    workbench: 'hc-light',
    webview: 'vscode-high-contrast-light',
  },
} as const;

export type Theme = keyof typeof themes;

/** The editor's window as a person sees it. */
export class Workbench {
  readonly activityBar: ActivityBar;
  readonly problems: ProblemsPanel;
  readonly output: OutputPanel;
  readonly notifications: Notifications;

  constructor(readonly page: Page) {
    this.activityBar = new ActivityBar(page);
    this.problems = new ProblemsPanel(this);
    this.output = new OutputPanel(this);
    this.notifications = new Notifications(page);
  }

  /** Waits until the window can be worked with. */
  async ready(): Promise<this> {
    await this.page.locator('.monaco-workbench .activitybar .action-item').first().waitFor();
    return this;
  }

  /** Runs a command as a person does, by its whole title. */
  async run(title: string): Promise<void> {
    const list = await this.openPalette(`>${title}`);
    // The recent and the similar commands stand there too.
    await list
      .locator(`.monaco-list-row[aria-label^=${JSON.stringify(title)}]`)
      .first()
      .click();
  }

  async openFile(name: string): Promise<TextEditor> {
    const list = await this.openPalette(name);
    await list
      .locator(`.monaco-list-row[aria-label^=${JSON.stringify(name)}]`)
      .first()
      .click();
    return this.editor(name);
  }

  editor(name: string): TextEditor {
    return new TextEditor(this.page, name);
  }

  tree(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  webview(marker: string): WebviewView {
    return new WebviewView(this.page, marker);
  }

  statusBarItem(label: string): Locator {
    return this.page.locator(`.statusbar-item:has([aria-label^=${JSON.stringify(label)}])`);
  }

  /** Chooses the theme as a person does, and waits until the window wears it. */
  async wear(theme: Theme): Promise<void> {
    const { name, workbench } = themes[theme];
    await this.run('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget input[placeholder*="Color Theme"]');
    await input.fill(name);
    await this.page
      .locator(`.quick-input-list .monaco-list-row[aria-label^=${JSON.stringify(name)}]`)
      .first()
      .click();
    await input.waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${workbench}`).waitFor();
  }

  private async openPalette(text: string): Promise<Locator> {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('input[type=text]').first();
    await this.page.keyboard.press('F1');
    await input.waitFor();
    await input.fill(text);
    return widget.locator('.quick-input-list');
  }
}
