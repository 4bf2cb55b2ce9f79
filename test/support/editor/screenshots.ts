import { themes, type Theme } from '../pages/workbench.ts';
import type { Session } from './session.ts';

/** One picture a theme, kept as test output; `ready` waits until the window shows what is to be seen, the Prompt view with it. */
export function picturesInEveryTheme(editor: () => Session, name: string, ready: () => Promise<unknown>): void {
  for (const theme of Object.keys(themes) as Theme[]) {
    it(`is pictured in ${themes[theme].name}`, async () => {
      const { workbench } = editor();
      await ready();
      await workbench.wear(theme);
      await workbench.webview(`body.${themes[theme].webview}`).content();
      await editor().screenshot(`${name}-${theme}`);
    });
  }
}
