/** The one seam through which foreign text (names, comments of a database) reaches Markdown: it shows as it is, and does nothing. */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]()#+\-.!|~<>&$:@/^=]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\r?\n/g, '  \n')
    .replace(/^[ \t]+/gm, '');
