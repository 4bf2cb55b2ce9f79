import type { FrameLocator, Locator, Page } from 'playwright-core';

/** A webview, found by what is in it: their frames have neither names nor an order to rely on. */
export class WebviewView {
  constructor(
    private readonly page: Page,
    private readonly marker: string,
  ) {}

  /** Waits until one of the window's webviews shows the marker. */
  async content(): Promise<FrameLocator> {
    const outer = this.page.locator('iframe.webview');
    for (;;) {
      for (let index = 0; index < (await outer.count()); index++) {
        const inner = outer.nth(index).contentFrame().locator('iframe#active-frame').contentFrame();
        if ((await inner.locator(this.marker).count()) > 0) return inner;
      }
      await this.page.locator('iframe.webview.ready').first().waitFor();
      // One frame of the page later.
      await this.page.evaluate('new Promise(requestAnimationFrame)');
    }
  }

  async locator(selector: string): Promise<Locator> {
    return (await this.content()).locator(selector);
  }
}
