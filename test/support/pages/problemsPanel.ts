import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

export class ProblemsPanel {
  constructor(private readonly workbench: Workbench) {}

  private get rows(): Locator {
    return this.workbench.page.locator('.markers-panel .monaco-list-row');
  }

  async open(): Promise<void> {
    await this.workbench.run('View: Focus Problems');
    await this.workbench.page.locator('.markers-panel').waitFor();
  }

  /** The problems below their files, as they are shown. */
  async text(): Promise<string> {
    await this.rows.first().waitFor();
    const lines = await this.rows.evaluateAll((elements) =>
      elements.map((element) => {
        const label = element.querySelector('.marker-message-details-container, .monaco-icon-label');
        return `${'  '.repeat(Number(element.getAttribute('aria-level')) - 1)}${label?.textContent.trim() ?? ''}`;
      }),
    );
    return lines.join('\n');
  }
}
