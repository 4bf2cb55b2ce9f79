const longest = 40;

/** The shape of a text: `Ab-1234` is `Aa-9+`. No letter and no digit of it is left. */
export const patternOf = (text: string): string =>
  text
    .slice(0, longest)
    .replace(/[\p{L}\p{N}]/gu, (sign) => (/\p{N}/u.test(sign) ? '9' : /\p{Lu}/u.test(sign) ? 'A' : 'a'))
    .replace(/([Aa9])\1+/g, '$1+');
