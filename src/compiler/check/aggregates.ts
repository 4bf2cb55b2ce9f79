/** Functions that make one value of many rows. */
export const aggregateNames: ReadonlySet<string> = new Set([
  ...['count', 'sum', 'avg', 'min', 'max', 'any_value', 'bool_and', 'bool_or', 'every', 'string_agg', 'array_agg'],
  ...['stddev', 'stddev_pop', 'stddev_samp', 'variance', 'var_pop', 'var_samp', 'corr', 'covar_pop', 'covar_samp'],
  ...[
    'regr_slope',
    'regr_intercept',
    'regr_count',
    'regr_r2',
    'regr_avgx',
    'regr_avgy',
    'regr_sxx',
    'regr_sxy',
    'regr_syy',
  ],
  ...['percentile_cont', 'percentile_disc', 'mode', 'bit_and', 'bit_or', 'bit_xor'],
  ...['json_agg', 'jsonb_agg', 'json_object_agg', 'jsonb_object_agg', 'range_agg', 'xmlagg'],
]);

/** Those whose value changes when a row is repeated. */
export const countingAggregates: ReadonlySet<string> = new Set([
  ...['count', 'sum', 'avg', 'string_agg', 'array_agg', 'json_agg', 'jsonb_agg', 'percentile_cont', 'percentile_disc'],
  ...[
    'stddev',
    'stddev_pop',
    'stddev_samp',
    'variance',
    'var_pop',
    'var_samp',
    'corr',
    'covar_pop',
    'covar_samp',
    'mode',
    'bit_xor',
  ],
  ...['regr_slope', 'regr_intercept', 'regr_count', 'regr_r2', 'regr_avgx', 'regr_avgy'],
  ...['regr_sxx', 'regr_sxy', 'regr_syy'],
]);
