import type { PersonalKind } from './kinds.ts';

/** A shape that may stand anywhere in a text, and what else has to be true of it. */
export interface ValueShape {
  readonly kind: PersonalKind;
  /** Global, so that a text can be searched for all of them; begins nowhere inside a run, so that long texts take no time. */
  readonly pattern: RegExp;
  readonly accepts: (match: string) => boolean;
}

const always = (): boolean => true;

/** The surest first: what one has taken, the next ones do not see. */
export const valueShapes: readonly ValueShape[] = [
  {
    kind: 'email',
    pattern: /(?<![\p{L}\d._%+'-])[\p{L}\d._%+'-]{1,64}@(?:[\p{L}\d](?:[\p{L}\d-]*[\p{L}\d])?\.)+\p{L}{2,}/gu,
    accepts: always,
  },
  { kind: 'iban', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?\b/gi, accepts: isIban },
  { kind: 'card number', pattern: /(?<![\d.+-])[2-6](?:[ -]?\d){12,18}(?![\d.-])/g, accepts: isCardNumber },
  { kind: 'national id', pattern: /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g, accepts: always },
  { kind: 'national id', pattern: /\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:\d{2} ?){3}[A-D]\b/g, accepts: always },
  { kind: 'national id', pattern: /\b[XYZ\d]\d{7}-?[A-Z]\b/g, accepts: isSpanishId },
  { kind: 'national id', pattern: /\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b/g, accepts: always },
  { kind: 'national id', pattern: /\b\d{3}\.\d{3}\.\d{3}-\d{2}\b/g, accepts: isCpf },
  // International with +, or national with a leading 0 or brackets; a bare row of digits could be anything.
  {
    kind: 'phone',
    pattern:
      /(?<![\p{L}\d.+-])(?:\+\d|\(0?\d{2,4}\) ?\d|0\d{1,4}[ /-]\d)(?:[ ()./-]{0,2}\d){5,13}(?![\p{L}\d]|[.-]\d)/gu,
    accepts: (match) => !/^\d{4}-\d{2}-\d{2}/.test(match) && !/^0\d:\d/.test(match),
  },
  {
    kind: 'phone',
    pattern: /(?<![\p{L}\d.-])[2-9]\d{2}[-. ][2-9]\d{2}[-. ]\d{4}(?![\p{L}\d]|[.-]\d)/gu,
    accepts: always,
  },
  {
    kind: 'address',
    pattern:
      /\b\d{1,5}[a-zA-Z]? (?:[\p{Lu}][\p{L}.'-]*|\d+(?:st|nd|rd|th))(?: [\p{Lu}][\p{L}.'-]*){0,3} (?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Square|Place|Pl)\b\.?/gu,
    accepts: always,
  },
  {
    kind: 'address',
    pattern:
      /(?<!\p{L})\p{Lu}[\p{L}.-]*(?:[ -]\p{Lu}[\p{L}.-]*){0,3}(?:stra(?:ß|ss)e|str\.|weg|gasse|allee|platz|[ -](?:Stra(?:ß|ss)e|Str\.|Weg|Gasse|Allee|Platz)) \d{1,4} ?[a-z]?\b/gu,
    accepts: always,
  },
  {
    kind: 'name',
    pattern:
      /(?<!\p{L})(?:Mr|Mrs|Ms|Mx|Dr|Prof|Herr|Frau|Mme|Mlle|Sr|Sra)\.? (?:\p{Lu}[\p{L}'-]+)(?: \p{Lu}[\p{L}'-]+){0,2}/gu,
    accepts: always,
  },
];

const digitsOf = (text: string): readonly number[] => (text.match(/\d/g) ?? []).map(Number);

/** ISO 13616: moved to the front, as a number, modulo 97 is 1. */
export function isIban(text: string): boolean {
  const compact = text.replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(compact)) return false;
  const moved = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const sign of moved.replace(/[A-Z]/g, (letter) => `${letter.charCodeAt(0) - 55}`))
    rest = (rest * 10 + Number(sign)) % 97;
  return rest === 1;
}

/** Luhn's check, and a length that a scheme has. */
export function isCardNumber(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length < 13 || digits.length > 19 || new Set(digits).size < 2) return false;
  const sum = digits.toReversed().reduce((total, digit, place) => {
    const value = place % 2 === 0 ? digit : digit * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** DNI and NIE: the letter is the number modulo 23. */
function isSpanishId(text: string): boolean {
  const compact = text.replace('-', '');
  const number = Number(compact.slice(0, -1).replace(/^[XYZ]/, (letter) => `${'XYZ'.indexOf(letter)}`));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === compact.at(-1);
}

/** Brazil's two check digits. */
function isCpf(text: string): boolean {
  const digits = digitsOf(text);
  const check = (length: number): number => {
    const sum = digits.slice(0, length).reduce((total, digit, at) => total + digit * (length + 1 - at), 0);
    return ((sum * 10) % 11) % 10;
  };
  return new Set(digits).size > 1 && check(9) === digits[9] && check(10) === digits[10];
}
