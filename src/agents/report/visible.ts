/**
 * Text of a database, a model or a file in one line, without signs that a reader does not see: control, format (such as those
 * that turn the direction of writing), private and half ones are written out.
 */
export const visible = (text: string): string =>
  text.replace(/\s+/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\uFFFE\uFFFF]/gu, written);

const written = (sign: string): string => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;
