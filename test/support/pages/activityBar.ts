import type { Page } from 'playwright-core';
import type { PageElement } from './pageElement.ts';

export class ActivityBar {
  constructor(private readonly page: Page) {}

  /** Shows the sidebar of the container, unless it is shown already. */
  async open(title: string): Promise<void> {
    const item = this.page.locator(`.activitybar .action-item:has([aria-label^=${JSON.stringify(title)}])`);
    await item.waitFor();
    const shown = await item.evaluate((element: PageElement) => element.classList.contains('checked'));
    // A second click would hide it.
    if (!shown) await item.click();
    await this.page
      .locator('.sidebar .composite.title')
      .filter({ hasText: new RegExp(title, 'i') })
      .waitFor();
  }
}
