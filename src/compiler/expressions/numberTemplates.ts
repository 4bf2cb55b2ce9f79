/** `to_char` and `to_number` of numbers: the runtime reads the template as PostgreSQL does. */
import type { Built, Call, Entry } from './entry.ts';
import { maxPrecision, sparkDecimal } from './decimals.ts';
import { Refusal } from './refusal.ts';
import { castTo, primary, stringLiteral } from './sparkSql.ts';
import { constantText, type Value } from './value.ts';

const note =
  'patterns 9 0 . , D G S MI PL SG PR TH FM and "text"; D and G are . and , as where lc_numeric is C or English';

const examples: Readonly<Record<string, readonly string[]>> = {
  int4: [
    "to_char(i, '999')",
    "to_char(i, '0000')",
    "to_char(i, 'FM999,999')",
    "to_char(i, '9G999G999D99')",
    "to_char(i, 'S9999999999')",
    "to_char(i, '9999999999S')",
    "to_char(i, '9999999999MI')",
    "to_char(i, 'FM9999999999PR')",
    'to_char(i, \'PL999 "units"\')',
    "to_char(i, 'SG00.0')",
    "to_char(i2, '99th')",
    "to_char(i2, 'FM9999TH')",
    "to_char(i, '')",
  ],
  int8: ["to_char(k, '9999999999999999999')", "to_char(k, 'FM9,999,999,999,999,999,999')", "to_char(k, '000.00PR')"],
  numeric: [
    "to_char(n, '999D99')",
    "to_char(n, 'FM999999990.00')",
    "to_char(n, '9,999,999,990.0')",
    "to_char(n, 'FM9999999999.99')",
    "to_char(n, '0999999999.99S')",
    "to_char(n, '9.9')",
    "to_char(n, '.99')",
    "to_char(n, 'FM.99')",
    "to_char(n, '999.9PR')",
    "to_char(n, 'FM9990.99PL')",
    "to_char(n, 'MI9990.9')",
    "to_char(m, 'S99999999999999.999999')",
    "to_char(m, 'FM99990.0099')",
    "to_char(m, '0.000')",
    "to_char(n / 3, '999999.9999999999')",
    "to_char(-0.004, '9.99')",
    'to_char(n, \'"n="FM990.0"\\"x"\')',
  ],
  float4: ["to_char(i::real, '999D9')", "to_char(i::real, 'FM9999999999.999')"],
  float8: [
    "to_char(f, '999D99')",
    "to_char(f, 'FM99999999999999990.000')",
    "to_char(f, '9.9999999999999999')",
    "to_char(f, 'S000.0')",
    "to_char(h, 'FM990.09')",
    "to_char(h, '9G990D00MI')",
  ],
};

const written = (type: 'int4' | 'int8' | 'numeric' | 'float4' | 'float8'): Entry => ({
  name: 'to_char',
  family: 'numeric',
  args: [type, 'text'],
  result: 'text',
  build: toChar(type),
  examples: examples[type] ?? [],
  note,
});

export const numberTemplates: readonly Entry[] = [
  ...(['int4', 'int8', 'numeric', 'float4', 'float8'] as const).map(written),
  {
    name: 'to_number',
    family: 'numeric',
    args: ['text', 'text'],
    result: 'numeric',
    build: toNumber,
    examples: [
      "to_number(w, '9999999999')",
      "to_number(w, '99.999')",
      "to_number(s, '99D9')",
      "to_number('12,454.8-', '99G999D9S')",
      "to_number(w, 'S0999.9')",
      "to_number('<564646.654564>', '999999.999999PR')",
      "to_number('  -12.5 x', '999D9MI')",
      "to_number('€1,234.5', '\"E\"9,999.99')",
    ],
    note,
  },
];

const runtimeNames = {
  int4: 'pg_integer_to_char',
  int8: 'pg_integer_to_char',
  numeric: 'pg_numeric_to_char',
  float4: 'pg_real_to_char',
  float8: 'pg_float_to_char',
} as const;

function toChar(type: keyof typeof runtimeNames): Entry['build'] {
  return ({ args: [value, template], context }) => {
    if (!value) return { sql: primary('null') };
    // Its digits are rounded by the template: those that each row has do not matter.
    const number = type === 'numeric' ? (value.open?.text ?? value.sql) : value.sql;
    return { sql: context.runtime(runtimeNames[type], number, checked(template)) };
  };
}

/** PostgreSQL keeps the digits that the text has. */
function toNumber({ args: [value, template], context }: Call): Built {
  const pattern = checked(template);
  if (template && constantText(template) === '')
    throw new Refusal('bad-literal', template.at, 'An empty template reads no number.');
  const text = context.runtime('pg_to_number', value ? value.sql : 'null', pattern);
  const [before = '', after = ''] = pattern.replaceAll(/\\"|"[^"]*"?/g, '').split(/[.Dd]/);
  const [whole, scale] = [before, after].map((part) => part.replaceAll(/[^09]/g, '').length) as [number, number];
  if (whole + scale > maxPrecision)
    throw new Refusal('numeric-too-wide', template?.at ?? { offset: 0, length: 0 }, 'Spark holds 38 digits.');
  const decimal = { precision: Math.max(whole + scale, 1), scale, display: 'open' } as const;
  return { sql: castTo(text, sparkDecimal(decimal)), decimal, open: { text } };
}

/** Of one keyword the longest spelling; anything else stands for itself. */
const tokens = /"(?:\\.|[^"\\])*"?|\\"|EEEE|eeee|FM|fm|MI|mi|PL|pl|PR|pr|RN|rn|SG|sg|SP|sp|TH|th|./gs;
const refused: ReadonlySet<string> = new Set(['eeee', 'rn', 'sp', 'v', 'l', 'c', 'b']);

function checked(template: Value | undefined): string {
  const at = template?.at ?? { offset: 0, length: 0 };
  const text = template && constantText(template);
  if (text === undefined) throw new Refusal('needs-constant', at, 'The template has to be written out.');
  const unknown = text.match(tokens)?.find((token) => refused.has(token.toLowerCase()));
  if (unknown !== undefined)
    throw new Refusal(
      'not-translatable',
      at,
      `${unknown} in a template for numbers cannot be translated: 9 0 . , D G S MI PL SG PR TH FM and "text" can.`,
    );
  return stringLiteral(text);
}
