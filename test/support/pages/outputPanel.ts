import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';
import type { PageElement } from './pageElement.ts';

/** The panel with the channel that is chosen in it. */
export class OutputPanel {
  constructor(private readonly workbench: Workbench) {}

  private get lines(): Locator {
    return this.workbench.page.locator('.output-view .view-line, .pane-body.output-view .view-line');
  }

  line(text: string | RegExp): Locator {
    return this.lines.filter({ hasText: text });
  }

  async channel(): Promise<string> {
    const select = this.workbench.page.locator('.panel .title-actions select').first();
    await select.waitFor();
    return await select.evaluate((element: PageElement) => element.selectedOptions[0]?.textContent ?? '');
  }
}
