/**
 * The one seam through which text of the database reaches a model: quoted as JSON, so that it cannot end its quotation, and
 * without the signs by which it could end the block that it stands in or hide from a reader.
 */
export function quoted(text: string, longest = 240): string {
  const letters = Array.from(text.replace(/\s+/gu, ' ').trim());
  const cut = letters.length > longest ? `${letters.slice(0, longest).join('')}…` : letters.join('');
  return JSON.stringify(cut).replace(unseen, escaped);
}

/** A name as it may stand in a spec: bare where it is plain, and quoted as data where it is anything else. */
export const quotedName = (name: string): string => (/^[a-z_][a-z0-9_$.]*$/.test(name) ? name : quoted(name, 140));

/** Angle brackets end blocks; control, format and private signs (bidi, zero width, tags) are not seen by a reader. */
const unseen = /[<>`\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

const escaped = (sign: string): string =>
  Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
