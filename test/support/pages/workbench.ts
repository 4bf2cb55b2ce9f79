import type { Locator, Page } from 'playwright-core';
import { ActivityBar } from './activityBar.ts';
import { Notifications } from './notifications.ts';
import { OutputPanel } from './outputPanel.ts';
import { ProblemsPanel } from './problemsPanel.ts';
import { TextEditor } from './textEditor.ts';
import { TreeView } from './treeView.ts';
import { WebviewView } from './webviewView.ts';

/** The four themes that every view is looked at in, with the class that the workbench then has. */
export const themes = {
  dark: { name: 'Default Dark Modern', className: 'vs-dark' },
  light: { name: 'Default Light Modern', className: 'vs' },
  'high-contrast': { name: 'Default High Contrast', className: 'hc-black' },
  'high-contrast-light': { name: 'Default High Contrast Light', className: 'hc-light' },
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

  /** Waits until the window wears the theme that the settings ask for. */
  async wears(theme: Theme): Promise<void> {
    await this.page.locator(`.monaco-workbench.${themes[theme].className}`).waitFor();
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
