import type { Locator, Page } from 'playwright-core';
import type { PageElement } from './pageElement.ts';

/** The editor that is in front, on the document of this name. */
export class TextEditor {
  constructor(
    private readonly page: Page,
    readonly name: string,
  ) {}

  get root(): Locator {
    return this.page
      .locator(
        `.editor-instance[aria-label*=${JSON.stringify(this.name)}], .editor-group-container.active .editor-instance`,
      )
      .first();
  }

  tab(): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: this.name });
  }

  /** The lines that are drawn, in their order. */
  async text(): Promise<string> {
    const lines = await this.root
      .locator('.view-lines .view-line')
      .evaluateAll((elements: readonly PageElement[]) =>
        elements
          .map((element) => ({ top: Number.parseFloat(element.style.top), text: element.textContent }))
          .sort((a, b) => a.top - b.top),
      );
    return lines.map(({ text }) => text.replaceAll('\u00a0', ' ')).join('\n');
  }

  squiggles(severity: 'error' | 'warning' | 'info' = 'error'): Locator {
    return this.root.locator(`.squiggly-${severity}`);
  }

  codeLens(text: string): Locator {
    return this.root.locator('.codelens-decoration a').filter({ hasText: text });
  }
}
