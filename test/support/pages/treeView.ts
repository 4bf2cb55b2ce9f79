import type { Locator, Page } from 'playwright-core';
import type { PageElement } from './pageElement.ts';

/** A tree in the sidebar, or the welcome that stands in its place. */
export class TreeView {
  private readonly pane: Locator;

  constructor(page: Page, title: string) {
    // The title alone: a pane's text would find another view that mentions the word.
    const header = page.locator('.pane-header', {
      has: page.locator('h3.title', { hasText: new RegExp(`^${title}$`, 'i') }),
    });
    this.pane = page.locator('.sidebar .pane', { has: header });
  }

  row(label: string): Locator {
    return this.pane
      .locator('.monaco-list-row')
      .filter({ has: this.pane.page().locator('.label-name', { hasText: new RegExp(`^${label}$`) }) });
  }

  async toggle(label: string): Promise<void> {
    await this.row(label).click();
  }

  /** Every row that is drawn, from the top, indented by its level: label, two blanks, description. */
  async text(): Promise<string> {
    const rows = await this.pane.locator('.monaco-list-row').evaluateAll((elements: readonly PageElement[]) =>
      elements
        .map((element) => ({
          index: Number(element.getAttribute('data-index')),
          level: Number(element.getAttribute('aria-level')),
          label: element.querySelector('.label-name')?.textContent ?? '',
          description: element.querySelector('.label-description')?.textContent ?? '',
        }))
        .sort((a, b) => a.index - b.index),
    );
    const line = ({ level, label, description }: (typeof rows)[number]): string =>
      `${'  '.repeat(level - 1)}${label}${description ? `  ${description}` : ''}`;
    return rows.map(line).join('\n');
  }

  /** Where the view begins, in pixels from the top. */
  async top(): Promise<number> {
    return (await this.pane.boundingBox())?.y ?? Number.NaN;
  }

  /** What stands above the rows. */
  async message(): Promise<string> {
    return (await this.pane.locator('.tree-explorer-viewlet-tree-view .message').innerText()).trim();
  }

  /** The buttons of a row, as they appear under the pointer. */
  async actions(label: string): Promise<string> {
    const row = this.row(label);
    await row.hover();
    const buttons = row.locator('.actions .action-label');
    await buttons.first().waitFor();
    const labels = await buttons.evaluateAll((elements: readonly PageElement[]) =>
      elements.map((element) => element.getAttribute('aria-label') ?? ''),
    );
    return labels.join(', ');
  }

  /** The welcome's lines: its sentences, and its buttons in brackets. */
  async welcome(): Promise<string> {
    const content = this.pane.locator('.welcome-view-content');
    await content.first().waitFor();
    return await content.evaluate((element: PageElement) =>
      [...element.children]
        .map((child) =>
          child.querySelector('.monaco-button') ? `[${child.textContent.trim()}]` : child.textContent.trim(),
        )
        .join('\n'),
    );
  }

  whenWelcome(text: string): Promise<void> {
    return this.pane.locator('.welcome-view-content').filter({ hasText: text }).waitFor();
  }
}
