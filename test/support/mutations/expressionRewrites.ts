/** Other words for the same expression, by PostgreSQL's own rules for NULL: each at every place where they fit. */
import { comparisonOf, conditionsOf, cut, partsOf, phrasesOf, put, spanOf, type Phrase } from './phrases.ts';
import { isExact, isText } from './mutation.ts';
import type { Slot } from './slots.ts';

export type TextRewrite = readonly [family: string, text: string];

/** `type` is what the expression gives, where it is known. */
export function expressionRewrites({ expr, use }: Slot, type: string | undefined): readonly TextRewrite[] {
  const found = [
    ...commuted(expr),
    ...conditionsOf(expr).flatMap((condition) => conditionRewrites(expr, condition)),
    ...callRewrites(expr),
    ...(use === 'condition' ? wholeConditions(expr) : []),
    ...(use === 'row' ? wholeValues(expr, type) : []),
  ];
  return [...new Map(found.filter(([, other]) => other !== expr).map((rewrite) => [rewrite[1], rewrite])).values()];
}

const opposite: Readonly<Record<string, string>> = { '<': '>=', '>': '<=', '<=': '>', '>=': '<', '=': '<>', '<>': '=' };
const turned: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=', '<>': '<>' };

/** `b and a`, `b or a`, `b + a`, and de Morgan's other way to say the first two. */
function commuted(text: string): readonly TextRewrite[] {
  return phrasesOf(text).flatMap((phrase): readonly TextRewrite[] => {
    const span = spanOf(phrase);
    const bySign = signRewrites(text, phrase);
    for (const word of ['or', 'and'] as const) {
      const parts = partsOf(phrase, word);
      if (parts.length < 2) continue;
      const texts = parts.map((part) => cut(text, spanOf(part)));
      const other = word === 'or' ? 'and' : 'or';
      const family = word === 'or' ? 'commuted or' : 'commuted and';
      return [
        [family, put(text, span, texts.toReversed().join(` ${word} `))],
        ['de Morgan', put(text, span, `not (${texts.map((each) => `not (${each})`).join(` ${other} `)})`)],
        ['parentheses', put(text, span, `(${texts.map((each) => `(${each})`).join(` ${word} `)})`)],
      ];
    }
    return bySign;
  });
}

function signRewrites(text: string, phrase: Phrase): readonly TextRewrite[] {
  const signs = phrase.filter(({ kind, text: sign }) => kind === 'sign' && sign !== '.');
  const [sign] = signs;
  if (signs.length !== 1 || !sign || !['+', '*'].includes(sign.text)) return [];
  if (
    phrase.some(
      ({ kind, text: word }) => kind === 'word' && ['and', 'or', 'not', 'is', 'in', 'like', 'between'].includes(word),
    )
  )
    return [];
  const at = phrase.indexOf(sign);
  if (at === 0 || at === phrase.length - 1) return [];
  const [left, right] = [phrase.slice(0, at), phrase.slice(at + 1)].map((part) => cut(text, spanOf(part)));
  return [['commuted arithmetic', put(text, spanOf(phrase), `${right ?? ''} ${sign.text} ${left ?? ''}`)]];
}

function conditionRewrites(text: string, condition: Phrase): readonly TextRewrite[] {
  const span = spanOf(condition);
  const comparison = comparisonOf(condition);
  if (comparison) {
    const [left, right] = [cut(text, comparison.left), cut(text, comparison.right)];
    const sign = comparison.sign.text;
    const literal = /^('[^']*'|\d+)$/.test(right);
    return [
      ['turned comparison', put(text, span, `${right} ${turned[sign] ?? sign} ${left}`)],
      ['negated opposite', put(text, span, `not (${left} ${opposite[sign] ?? sign} ${right})`)],
      ...(sign === '=' && literal ? [['equality as in', put(text, span, `${left} in (${right})`)] as const] : []),
    ];
  }
  const words = condition.map((item) => item.text);
  if (words.includes('not')) return [];
  const [between, within] = [words.indexOf('between'), words.indexOf('in')];
  if (between > 0) {
    const and = words.indexOf('and', between);
    const value = cut(text, spanOf(condition.slice(0, between)));
    const from = cut(text, spanOf(condition.slice(between + 1, and)));
    const to = cut(text, spanOf(condition.slice(and + 1)));
    return [['between as comparisons', put(text, span, `(${value} >= ${from} and ${value} <= ${to})`)]];
  }
  if (within > 0) return inRewrites(text, condition, within);
  const negated = words.length > 1 && words.at(-1) === 'null' && words.at(-2) === 'is';
  if (!negated) return [];
  return [['negated opposite', put(text, span, `not (${cut(text, spanOf(condition.slice(0, -2)))} is not null)`)]];
}

function inRewrites(text: string, condition: Phrase, at: number): readonly TextRewrite[] {
  const group = condition[at + 1];
  if (group?.kind !== 'group' || condition.length !== at + 2 || /^\(\s*select/i.test(group.text)) return [];
  const values = phrasesOf(group.text.slice(1, -1)).filter((phrase) => phrase.length > 0);
  const texts = values.map((phrase) => cut(group.text.slice(1, -1), spanOf(phrase)));
  const value = cut(text, spanOf(condition.slice(0, at)));
  return [
    ['in as ors', put(text, spanOf(condition), `(${texts.map((each) => `${value} = ${each}`).join(' or ')})`)],
    ['in, reordered', put(text, group, `(${texts.toReversed().join(', ')})`)],
  ];
}

const callPatterns: readonly (readonly [family: string, from: RegExp, to: string])[] = [
  ['count of a constant', /\bcount\(\*\)/gi, 'count(1)'],
  ['cast in other words', /\bcast\(([\w.]+) as ([a-z]+)\)/gi, '($1)::$2'],
  ['cast in other words', /(?<![\w.)])([a-z_]\w*)::([a-z]+)(?![(\w[])/gi, 'cast($1 as $2)'],
  ['nullif as case', /\bnullif\(([\w.]+), ([\w.']+)\)/gi, 'case when $1 = $2 then null else $1 end'],
  ['coalesce as case', /\bcoalesce\(([\w.]+), ([\w.']+)\)/gi, 'case when $1 is not null then $1 else $2 end'],
  ['nested coalesce', /\bcoalesce\(([\w.]+), /gi, 'coalesce($1, $1, '],
  ['order said in full', /\b(order by [\w.]+)(?= *[,)])/gi, '$1 asc nulls last'],
  ['order said in full', /\b(order by [\w.]+ desc)(?= *[,)])/gi, '$1 nulls first'],
  ['filter as case', /\bsum\((\w+)\) filter \(where ([^()]+)\)/gi, 'sum(case when $2 then $1 end)'],
];

function callRewrites(text: string): readonly TextRewrite[] {
  return callPatterns.flatMap(([family, from, to]) =>
    [...text.matchAll(from)].map((match): TextRewrite => {
      const piece = { start: match.index, end: match.index + match[0].length };
      return [
        family,
        put(
          text,
          piece,
          text
            .slice(piece.start, piece.end + 1)
            .replace(new RegExp(from.source, 'i'), to)
            .slice(0, text.length > piece.end ? -1 : undefined),
        ),
      ];
    }),
  );
}

const wholeConditions = (text: string): readonly TextRewrite[] => [
  ['double negation', `not (not (${text}))`],
  ['condition and true', `(${text}) and true`],
  ['condition or false', `(${text}) or false`],
  ['condition as case', `case when ${text} then true else false end`],
];

function wholeValues(text: string, type: string | undefined): readonly TextRewrite[] {
  // What is known to every row alike is no value of a row.
  if (type === undefined || /^(null|\d+|'[^']*')$/.test(text.trim())) return [];
  return [
    ['coalesce with itself', `coalesce(${text}, ${text})`],
    ['case with one answer', `case when true then ${text} end`],
    ...(isExact(type)
      ? ([
          ['plus nothing', `(${text}) + 0`],
          ['times one', `(${text}) * 1`],
        ] as const)
      : []),
    ...(type === 'text' ? ([['with an empty text', `(${text}) || ''`]] as const) : []),
    ...(isText(type) || isExact(type) ? ([['nothing left out', `nullif(${text}, null)`]] as const) : []),
    ...(type === 'boolean' ? ([['double negation', `not (not (${text}))`]] as const) : []),
  ];
}
