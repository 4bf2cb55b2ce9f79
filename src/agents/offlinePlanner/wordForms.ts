/** How names and phrases are compared: by their parts, in lower case and in the singular. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}$]+/u)
    .filter((part) => part !== '')
    .map(singular);

const irregular: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['children', 'child'],
  ['men', 'man'],
  ['women', 'woman'],
  ['series', 'series'],
  ['movies', 'movie'],
  ['leaves', 'leave'],
  ['addresses', 'address'],
  ['statuses', 'status'],
  ['buses', 'bus'],
]);

export function singular(word: string): string {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
}

/** For sentences: `order` → `orders`, `category` → `categories`. */
export function plural(word: string): string {
  if (/(?:s|x|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** Words that people use for one another; whoever relies on one of them says so in the assumptions. */
const groups: readonly (readonly string[])[] = [
  ['customer', 'client', 'buyer', 'shopper'],
  ['order', 'purchase'],
  ['employee', 'staff', 'worker', 'colleague'],
  ['student', 'pupil'],
  ['physician', 'doctor'],
  ['department', 'dept'],
  ['quantity', 'qty'],
  ['surname', 'lastname'],
  ['zip', 'zipcode', 'postcode'],
  ['movie', 'film'],
  ['track', 'song'],
  ['salary', 'wage', 'pay'],
  ['manager', 'boss', 'supervisor'],
  ['supplier', 'vendor'],
  ['vehicle', 'car'],
  ['teacher', 'instructor', 'lecturer', 'professor'],
  ['country', 'nation'],
  ['cost', 'expense'],
  ['telephone', 'phone'],
  ['subscriber', 'member'],
];

export const synonymsOf: ReadonlyMap<string, readonly string[]> = new Map(
  groups.flatMap((group) => group.map((word) => [word, group.filter((other) => other !== word)] as const)),
);

/** Several words for a name's several words. */
export const phraseSynonyms: ReadonlyMap<string, string> = new Map([
  ['surname', 'last name'],
  ['family name', 'last name'],
  ['given name', 'first name'],
  ['zip code', 'postal code'],
  ['zip', 'postal code'],
  ['postcode', 'postal code'],
  ['date of birth', 'birth date'],
  ['dob', 'birth date'],
  ['e mail', 'email'],
  ['email address', 'email'],
  ['mail address', 'email'],
  ['phone number', 'phone'],
]);
