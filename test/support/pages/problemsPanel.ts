import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';
import type { PageElement } from './pageElement.ts';

export class ProblemsPanel {
  constructor(private readonly workbench: Workbench) {}

  private get rows(): Locator {
    return this.workbench.page.locator('.markers-panel .monaco-list-row');
  }

  async open(): Promise<void> {
    await this.workbench.run('View: Focus Problems');
    await this.workbench.page.locator('.markers-panel').waitFor();
  }

  /** The problems below their files, as they are shown: message, source and code, place. */
  async text(): Promise<string> {
    await this.rows.first().waitFor();
    // No function with a name in here: the compiler marks those, and the page does not know its mark.
    const lines = await this.rows.evaluateAll((elements: readonly PageElement[]) =>
      elements.map((element) => {
        const shown = ['.label-name', '.marker-message', '.marker-source', '.marker-code', '.marker-line']
          .map((selector) => element.querySelector(selector)?.textContent.trim() ?? '')
          .filter((text) => text !== '');
        return `${'  '.repeat(Number(element.getAttribute('aria-level')) - 1)}${shown.join(' ')}`;
      }),
    );
    return lines.join('\n');
  }
}
