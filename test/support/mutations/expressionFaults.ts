/** Faults inside one expression: each at every place where it fits. */
import { comparisonOf, conditionsOf, cut, itemsOf, partsOf, phrasesOf, put, spanOf, type Item } from './phrases.ts';
import { isNumeric, isText, isTimestamp, type TypedColumn } from './mutation.ts';

export type TextFault = readonly [family: string, text: string];

/** `columns` are those that the expression may name. */
export function expressionFaults(text: string, columns: readonly TypedColumn[]): readonly TextFault[] {
  const found = [
    ...conditionFaults(text),
    ...itemFaults(text),
    ...callFaults(text, columns),
    ...windowFaults(text),
    ...literalFaults(text),
    ...columnFaults(text, columns),
  ];
  return [...new Map(found.filter(([, other]) => other !== text).map((fault) => [fault[1], fault])).values()];
}

/** One of several conditions forgotten or turned round, and the ends of a range left out. */
function conditionFaults(text: string): readonly TextFault[] {
  const forgotten = phrasesOf(text).flatMap((phrase) =>
    (['and', 'or'] as const).flatMap((word): readonly TextFault[] => {
      const parts = partsOf(phrase, word);
      if (parts.length < 2 || (word === 'and' && partsOf(phrase, 'or').length > 1)) return [];
      const texts = parts.map((part) => cut(text, spanOf(part)));
      return texts.map((_, at) => [
        'dropped condition',
        put(text, spanOf(phrase), texts.toSpliced(at, 1).join(` ${word} `)),
      ]);
    }),
  );
  const turned = conditionsOf(text).flatMap((condition): readonly TextFault[] => {
    const span = spanOf(condition);
    const words = condition.map((item) => item.text);
    const at = words.indexOf('between');
    if (at > 0 && !words.includes('not')) {
      const and = words.indexOf('and', at);
      const value = cut(text, spanOf(condition.slice(0, at)));
      const from = cut(text, spanOf(condition.slice(at + 1, and)));
      const to = cut(text, spanOf(condition.slice(and + 1)));
      return [
        ['boundary', put(text, span, `(${value} >= ${from} and ${value} < ${to})`)],
        ['boundary', put(text, span, `(${value} > ${from} and ${value} <= ${to})`)],
        ['inverted condition', put(text, span, `not (${cut(text, span)})`)],
      ];
    }
    return comparisonOf(condition) || words.some((word) => ['in', 'like', 'is'].includes(word))
      ? [['inverted condition', put(text, span, `not (${cut(text, span)})`)]]
      : [];
  });
  return [...forgotten, ...turned];
}

const itemExchanges: Readonly<Record<string, readonly TextFault[]>> = {
  '>=': [['boundary', '>'], ['comparison', '<=']],
  '<=': [['boundary', '<'], ['comparison', '>=']],
  '>': [['boundary', '>='], ['comparison', '<']],
  '<': [['boundary', '<='], ['comparison', '>']],
  '=': [['comparison', '<>']],
  '<>': [['comparison', '=']],
  or: [['and or', 'and']],
  '+': [['arithmetic', '-']],
  '-': [['arithmetic', '+']],
  '*': [['arithmetic', '+']],
  '/': [['arithmetic', '*'], ['integer division', '/ 1.0 /']],
  '%': [['arithmetic', '/']],
  '||': [['null handling', `|| '' ||`]],
}; // prettier-ignore

/** One operator or word that became another. */
function itemFaults(text: string): readonly TextFault[] {
  const items = itemsOf(text);
  const ranges = new Set<Item>();
  return items.flatMap((item, at): readonly TextFault[] => {
    if (item.kind !== 'sign' && item.kind !== 'word') return [];
    if (item.text === 'between') {
      const and = items.slice(at).find((each) => each.text === 'and');
      if (and) ranges.add(and);
    }
    // `count(*)` and `a.*` are no products.
    if (item.text === '*' && (items[at - 1]?.text === '(' || items[at - 1]?.text === '.' || at === 0)) return [];
    if (item.text === 'and' && !ranges.has(item)) return [['and or', put(text, item, 'or')]];
    const division: readonly TextFault[] =
      item.text === '/' && (items[at - 1]?.text === ')' || items[at - 1]?.kind === 'word')
        ? [['integer division', put(text, item, '::bigint /')]]
        : [];
    return [
      ...(itemExchanges[item.text] ?? []).map(([family, other]): TextFault => [family, put(text, item, other)]),
      ...division,
      ...nullWords(text, items, at),
    ];
  });
}

function nullWords(text: string, items: readonly Item[], at: number): readonly TextFault[] {
  const [item, next, third] = [items[at], items[at + 1], items[at + 2]];
  if (item?.text !== 'is' || !next) return [];
  if (next.text === 'null') return [['null handling', put(text, next, 'not null')]];
  if (next.text === 'not' && third?.text === 'null')
    return [['null handling', put(text, { start: next.start, end: third.end }, 'null')]];
  const last = items.slice(at).find((each) => each.text === 'from');
  if (!last) return [];
  return [['null handling', put(text, { start: item.start, end: last.end }, next.text === 'not' ? '=' : '<>')]];
}

const callExchanges: Readonly<Record<string, readonly TextFault[]>> = {
  sum: [['aggregate', 'max'], ['aggregate', 'avg'], ['count', 'count']],
  avg: [['aggregate', 'max'], ['aggregate', 'sum'], ['aggregate', 'min']],
  min: [['aggregate', 'max']],
  max: [['aggregate', 'min']],
  bool_and: [['aggregate', 'bool_or']],
  bool_or: [['aggregate', 'bool_and']],
  stddev: [['aggregate', 'stddev_pop']],
  percentile_disc: [['aggregate', 'percentile_cont']],
  round: [['rounding', 'trunc'], ['rounding', 'ceil'], ['rounding', 'floor']],
  trunc: [['rounding', 'round']],
  ceil: [['rounding', 'floor']],
  floor: [['rounding', 'ceil']],
  coalesce: [['null handling', 'nullif'], ['null handling', 'greatest']],
  greatest: [['comparison', 'least']],
  least: [['comparison', 'greatest']],
  rank: [['window function', 'row_number'], ['window function', 'dense_rank']],
  dense_rank: [['window function', 'rank'], ['window function', 'row_number']],
  row_number: [['window function', 'rank']],
  lag: [['window function', 'lead']],
  lead: [['window function', 'lag']],
  first_value: [['window function', 'last_value']],
  upper: [['text', 'lower']],
  lower: [['text', 'upper'], ['text', 'initcap']],
  abs: [['arithmetic', '-'], ['arithmetic', '+']],
  exists: [['inverted condition', 'not exists']],
}; // prettier-ignore

/** A call that became another, lost an argument or its DISTINCT, or counts something else. */
function callFaults(text: string, columns: readonly TypedColumn[]): readonly TextFault[] {
  const items = itemsOf(text);
  return items.flatMap((item, at): readonly TextFault[] => {
    if (item.kind !== 'word' || items[at + 1]?.text !== '(') return [];
    const open = items[at + 1] as Item;
    const close = closing(items, at + 1);
    const inside = text.slice(open.end, close.start);
    const call = { start: item.start, end: close.end };
    const first = items[at + 2];
    const faults = (callExchanges[item.text] ?? []).map(([family, other]): TextFault => [
      family,
      put(text, item, other),
    ]);
    if (item.text === 'coalesce' || item.text === 'nullif')
      faults.push(['null handling', put(text, call, `(${firstArgument(inside)})`)]);
    if (['sum', 'avg', 'min'].includes(item.text) && first?.text !== 'distinct')
      faults.push(['null handling', put(text, call, `${item.text}(coalesce(${inside}, 0))`)]);
    if (['sum', 'avg', 'count', 'array_agg'].includes(item.text) && first?.text !== 'distinct' && inside !== '*')
      faults.push(['distinct', put(text, call, `${item.text}(distinct ${inside})`)]);
    if (first?.text === 'distinct') faults.push(['distinct', put(text, first, '')]);
    if (item.text === 'count' && inside === '*')
      for (const { name } of columns.filter(({ nullable }) => nullable).slice(0, 2)) {
        faults.push(
          ['count', put(text, call, `count(${name})`)],
          ['distinct', put(text, call, `count(distinct ${name})`)],
        );
      }
    if (item.text === 'count' && inside !== '*' && first?.text !== 'distinct')
      faults.push(['count', put(text, call, 'count(*)')]);
    if (item.text === 'filter') faults.push(['dropped filter', put(text, call, '')]);
    if (['round', 'trunc'].includes(item.text)) faults.push(...digits(text, items.slice(at, items.indexOf(close))));
    return faults;
  });
}

/** One digit less in `round(x, 2)`. */
function digits(text: string, call: readonly Item[]): readonly TextFault[] {
  const [comma, last] = call.slice(-2);
  if (comma?.text !== ',' || !last || !/^\d+$/.test(last.text)) return [];
  return [['rounding', put(text, last, String(Math.max(0, Number(last.text) - 1)))]];
}

function closing(items: readonly Item[], open: number): Item {
  let depth = 0;
  for (const item of items.slice(open)) {
    if (item.text === '(') depth++;
    if (item.text === ')' && --depth === 0) return item;
  }
  throw new Error('A parenthesis is never closed.');
}

function firstArgument(inside: string): string {
  let depth = 0;
  for (const { text, start } of itemsOf(inside)) {
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (text === ',' && depth === 0) return inside.slice(0, start);
  }
  return inside;
}

/** Order, partition and frame of a window, and the order inside an aggregate. */
function windowFaults(text: string): readonly TextFault[] {
  const found: TextFault[] = [];
  const replace = (family: string, from: RegExp, to: string): void => {
    for (const match of text.matchAll(from)) {
      const piece = { start: match.index, end: match.index + match[0].length };
      found.push([family, put(text, piece, match[0].replace(new RegExp(from.source, 'i'), to))]);
    }
  };
  replace('window order', / desc\b/gi, ' asc');
  replace('window order', /(order by [\w.]+)(?= *[,)]| rows)/gi, '$1 desc');
  replace('window order', /nulls last/gi, 'nulls first');
  replace('window order', /nulls first/gi, 'nulls last');
  replace('window partition', /partition by [\w., ]+?(?= order by|\))/gi, '');
  replace('window frame', /unbounded preceding/gi, '1 preceding');
  replace('window frame', /current row/gi, 'unbounded following');
  replace('window frame', /rows between [\w ]+(?=\))/gi, '');
  replace(
    'window frame',
    /(over \([^()]*order by [^()]*?)(?<!row|following)\)/gi,
    '$1 rows between 1 preceding and current row)',
  );
  return found;
}

/** Numbers, dates, units and words that are a little off. */
function literalFaults(text: string): readonly TextFault[] {
  const items = itemsOf(text);
  return items.flatMap((item, at): readonly TextFault[] => {
    const before = items[at - 1]?.text;
    if (item.kind === 'other' && /^\d+(\.\d+)?$/.test(item.text) && before !== '::' && before !== ']')
      return [
        ['number', put(text, item, String(Number(item.text) + 1))],
        ['number', put(text, item, String(Number(item.text) * 10))],
      ];
    if (item.kind !== 'string') return [];
    const value = item.text.slice(1, -1);
    if (before === 'date' || before === 'timestamp')
      return dates(value).map((other) => ['date', put(text, item, `'${other}'`)]);
    if (before === 'interval' || /^\d+ \w+$/.test(value))
      return intervals(value).map((other) => ['date', put(text, item, `'${other}'`)]);
    const zone: readonly TextFault[] = before === 'zone' ? [['time zone', put(text, item, `'Asia/Tokyo'`)]] : [];
    const unit = units[value];
    if (unit !== undefined) return [['date', put(text, item, `'${unit}'`)]];
    return [
      ...zone,
      ...(/[a-z]/i.test(value) && item.text.startsWith("'")
        ? ([
            [
              'literal',
              put(text, item, `'${value.toUpperCase() === value ? value.toLowerCase() : value.toUpperCase()}'`),
            ],
            ['literal', put(text, item, `'${value.slice(0, -1)}'`)],
          ] as const)
        : []),
    ];
  });
}

const units: Readonly<Record<string, string>> = {
  year: 'month',
  quarter: 'month',
  month: 'year',
  week: 'month',
  day: 'month',
  hour: 'day',
};

function dates(value: string): readonly string[] {
  const day = /^(\d{4})-(\d\d)-(\d\d)(.*)$/.exec(value);
  if (!day) return [];
  const [, year = '', month = '', of = '', rest = ''] = day;
  const next = String(Number(of) === 28 ? 27 : Math.min(28, Number(of) + 1)).padStart(2, '0');
  return [`${Number(year) + 1}-${month}-${of === '29' ? '28' : of}${rest}`, `${year}-${month}-${next}${rest}`];
}

function intervals(value: string): readonly string[] {
  const [count = '', unit = ''] = value.split(' ');
  if (!/^\d+$/.test(count)) return [];
  return [`${Number(count) + 1} ${unit}`, ...(unit.startsWith('month') ? [`${count} days`] : [])];
}

/** Another column of the same type, and moments read in another zone. */
function columnFaults(text: string, columns: readonly TypedColumn[]): readonly TextFault[] {
  const items = itemsOf(text);
  return items.flatMap((item, at): readonly TextFault[] => {
    const column = columns.find(({ name }) => name === item.text);
    if (item.kind !== 'word' || !column || items[at + 1]?.text === '(' || items[at - 1]?.text === 'as') return [];
    const similar = (type: string): boolean =>
      type === column.type || (isNumeric(type) && isNumeric(column.type)) || (isText(type) && isText(column.type));
    const another = columns.filter(({ name, type }) => name !== column.name && similar(type));
    const faults = another.slice(0, 1).map(({ name }): TextFault => ['wrong column', put(text, item, name)]);
    if (isTimestamp(column.type) && items[at - 1]?.text !== '.') {
      faults.push(['time zone', put(text, item, `(${item.text} + interval '1 hour')`)]);
      if (column.type === 'timestamp without time zone')
        faults.push(['time zone', put(text, item, `((${item.text} at time zone 'UTC') at time zone 'Asia/Tokyo')`)]);
    }
    return faults;
  });
}
