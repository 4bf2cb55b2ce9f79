import type { ConnectionSettings } from './connectionSettings.ts';
import type { Login, LoginSource } from './login.ts';
import { environmentPassword } from './password.ts';

/** The source that the settings name. What AWS is needed for is loaded only then. */
export async function loginSource(settings: ConnectionSettings, password: string | undefined): Promise<LoginSource> {
  const { user } = settings;
  switch (settings.auth) {
    case 'password':
      return fixedLogin({ user, ...(password === undefined ? {} : { password }) });
    case 'environment':
      return environmentLogin(settings);
    case 'secret':
      return (await import('./secretLogin.ts')).secretLogin(settings);
    case 'iam':
      return (await import('./iamLogin.ts')).iamLogin(settings);
  }
}

const fixedLogin = (login: Login): LoginSource => ({
  login: () => Promise.resolve(login),
  renew: () => Promise.resolve(false),
});

/** Files are read for each socket, so whoever corrects one need not reload; nothing is left to renew. */
const environmentLogin = (settings: ConnectionSettings): LoginSource => ({
  async login() {
    const password = await environmentPassword(settings);
    return { user: settings.user, ...(password === undefined ? {} : { password }) };
  },
  renew: () => Promise.resolve(false),
});
