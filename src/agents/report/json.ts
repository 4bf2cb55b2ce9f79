import type { ReportValue } from './value.ts';

/** The value itself; no sign of it can end a script or hide in a terminal. */
export const jsonReport = (value: ReportValue): string =>
  `${JSON.stringify(value, null, 2).replace(/[<>&\u007F-\u009F\u2028\u2029]|(?!\n)\p{Cf}/gu, escaped)}\n`;

const escaped = (sign: string): string =>
  Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
