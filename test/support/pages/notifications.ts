import type { Locator, Page } from 'playwright-core';

export class Notifications {
  constructor(private readonly page: Page) {}

  toast(text: string): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  async texts(): Promise<readonly string[]> {
    return await this.page.locator('.notification-toast .notification-list-item-message').allTextContents();
  }
}
