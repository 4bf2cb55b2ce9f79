import type { PersonalKind } from './kinds.ts';

/** Words of a column's name, in English and German, joined by a blank; the first entry that matches counts. */
const byWords: readonly (readonly [kind: PersonalKind, words: RegExp])[] = [
  ['email', /\b(?:e ?mails?|mail address(?:es)?|e ?mail ?adressen?|mail)\b/],
  ['iban', /\b(?:iban|bank account(?: number| no)?|kontonummer)\b/],
  [
    'card number',
    /\b(?:(?:credit |debit |payment )?card ?(?:number|no|num)|credit ?card|cc ?(?:number|num|no)|pan|kreditkarte(?:nnummer)?)\b/,
  ],
  [
    'national id',
    /\b(?:ssn|social security(?: number| no)?|national id(?:entifier)?|national insurance(?: number)?|nino|passport(?: number| no| num)?|tax ?(?:payer )?(?:id|number|no)|steuer ?(?:nummer|id)|sozialversicherungsnummer|ausweisnummer|personal ?nummer|personnummer|cpf|aadhaar|pesel|bsn|dni|nie|nif|codice fiscale|driver(?:s)? licen[cs]e(?: number| no)?|id card(?: number)?)\b/,
  ],
  [
    'birth date',
    /\b(?:birth ?(?:date|day)|date of birth|day of birth|dob|born(?: on)?|birth year|year of birth|geburts ?(?:datum|tag))\b/,
  ],
  [
    'phone',
    /\b(?:tele ?phones?|phones?|mobiles?|cell ?(?:phone)?|fax|msisdn|tel|telefon(?:nummer)?|handy(?:nummer)?|mobil(?:nummer)?)\b/,
  ],
  [
    'name',
    /\b(?:(?:first|last|middle|full|given|family|maiden|sur|fore|nick|user|contact|customer|client|patient|employee|holder|owner|person|passenger|guest|recipient) ?names?|surname|forename|vorname|nachname|familienname|geburtsname|ansprechpartner|name (?:first|last))\b/,
  ],
  [
    'address',
    /\b(?:address(?: ?line)?(?: ?\d)?|addr|street(?: ?\d)?|street (?:address|name)|house ?(?:number|no)|stra(?:ss|ß)e|hausnummer|anschrift|adresse|post ?code|postal code|zip(?: ?code)?|plz)\b/,
  ],
];

/** Such a column says something about the personal value next to it, and holds none. */
const aboutOnly =
  /\b(?:at|count|type|kind|verified|valid|validated|flag|status|sent|opened|bounced|consent|optin|opt in|key|hash|format|template|label|required|enabled)$/;
const notPersonal =
  /\b(?:ip|mac|url|web|memory|product|file|table|column|host|server|domain|event) ?(?:address|addr|name|mail)\b|\b(?:has|is|can|num|number of|n)\b (?!.*\bid\b)/;
const identifier = /\b(?:ids?|uuid|fk|pk)$/;

/** Tables of people: there, `name` is a person's. */
const people =
  /\b(?:customers?|persons?|people|users?|employees?|patients?|contacts?|members?|clients?|staff|students?|teachers?|guests?|passengers?|authors?|accounts? holders?|kunden?|mitarbeiter|personen|benutzer|patienten)$/;

export interface NamedColumn {
  readonly name: string;
  /** As `format_type` writes it. */
  readonly type: string;
  /** The name of its table, where it is known. */
  readonly table?: string;
}

/** What a column holds of people, as far as its name tells. */
export function personalKindByName({ name, type, table = '' }: NamedColumn): PersonalKind | undefined {
  const words = wordsOf(name);
  if (aboutOnly.test(words) || notPersonal.test(words)) return undefined;
  const kind =
    byWords.find(([, pattern]) => pattern.test(words))?.[0] ?? (isPersonsName(words, table) ? 'name' : undefined);
  if (kind === undefined || !fits(kind, type)) return undefined;
  return identifier.test(words) && kind !== 'national id' ? undefined : kind;
}

const isPersonsName = (words: string, table: string): boolean => words === 'name' && people.test(wordsOf(table));

/** `customerEmailAddress`, `customer-email_address` and `CUSTOMER_EMAIL` are the same words. */
const wordsOf = (name: string): string =>
  name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
    .toLowerCase();

/** A flag is never personal, and a number is a phone, a card or an id, but no name. */
function fits(kind: PersonalKind, type: string): boolean {
  if (/^(?:boolean|json|jsonb|bytea|uuid)/.test(type)) return false;
  if (/^(?:date|timestamp)/.test(type)) return kind === 'birth date';
  if (/^(?:smallint|integer|bigint|numeric|real|double)/.test(type)) {
    return ['phone', 'card number', 'national id', 'birth date', 'iban'].includes(kind);
  }
  return true;
}
