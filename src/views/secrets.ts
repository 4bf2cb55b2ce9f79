import type * as vscode from 'vscode';

/** Passwords, kept by the editor. */
export interface Secrets {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Whatever passes is told to `learn`, so that no log ever shows it. */
export function editorSecrets(storage: vscode.SecretStorage, learn: (secret: string) => void): Secrets {
  return {
    async get(key) {
      const value = await storage.get(key);
      if (value !== undefined) learn(value);
      return value;
    },
    async set(key, value) {
      learn(value);
      await storage.store(key, value);
    },
    async delete(key) {
      await storage.delete(key);
    },
  };
}
