import { closingParenthesis, isMeaningful, tokens, type Token } from './tokens.ts';

/** The aggregate expression over the rows that fulfil the condition only: each aggregate call in it gets a FILTER. */
export function filteredAggregate(expression: string, condition: string): string {
  const list = tokens(expression).filter(isMeaningful);
  const insertions = new Map<number, string>();
  for (let at = 0; at < list.length; at++) {
    if (!isAggregateCall(list, at)) continue;
    let end = closingParenthesis(list, at + 1);
    if (word(list[end + 1]) === 'within') end = closingParenthesis(list, end + 3);
    if (word(list[end + 1]) === 'filter') {
      const close = list[closingParenthesis(list, end + 2)];
      const first = list[end + 4];
      if (first) insertions.set(first.offset, '(');
      if (close) insertions.set(close.offset, `) and ${condition}`);
    } else {
      const last = list[end];
      if (last) insertions.set(last.offset + last.text.length, ` filter (where ${condition})`);
    }
    at = end;
  }
  return insertAll(expression.trimEnd(), insertions);
}

function insertAll(text: string, insertions: ReadonlyMap<number, string>): string {
  const parts: string[] = [];
  let from = 0;
  for (const [offset, inserted] of [...insertions].sort(([a], [b]) => a - b)) {
    parts.push(text.slice(from, offset), inserted);
    from = offset;
  }
  return [...parts, text.slice(from)].join('');
}

const word = (token: Token | undefined): string | undefined =>
  token?.kind === 'word' ? token.text.toLowerCase() : undefined;

function isAggregateCall(list: readonly Token[], at: number): boolean {
  const name = word(list[at]);
  return name !== undefined && aggregates.has(name) && list[at + 1]?.text === '(';
}

const aggregates = new Set(
  `array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg json_object_agg
  jsonb_agg jsonb_object_agg max min mode percentile_cont percentile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2
  regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance`.split(
    /\s+/,
  ),
);
