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

  /** The problems below their files, as they are shown: message, source and code, place. */
  async text(): Promise<string> {
    await this.rows.first().waitFor();
    const lines = await this.rows.evaluateAll((elements) =>
      elements.map((element) => {
        const part = (selector: string): string => element.querySelector(selector)?.textContent?.trim() ?? '';
        const problem = [part('.marker-message'), part('.marker-source'), part('.marker-code'), part('.marker-line')];
        const shown = part('.label-name') || problem.filter((text) => text !== '').join(' ');
        return `${'  '.repeat(Number(element.getAttribute('aria-level')) - 1)}${shown}`;
      }),
    );
    return lines.join('\n');
  }
}
