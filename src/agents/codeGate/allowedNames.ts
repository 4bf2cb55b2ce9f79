/**
 * What a generated script may name. Whatever is not listed is refused: a list of what is bad is never complete, and modules of
 * Python carry others with them (`F.sys`). Taken from PySpark 3.5.4 and Python 3.11; the version is pinned, so is the list.
 */
const listed = (...texts: readonly string[]): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => text.split(/\s+/).filter((word) => word !== '')));

/** pyspark.sql.functions, without what reaches into the JVM, reads the clock, makes up values or tells where a row came from. */
const functions = `abs acos acosh add_months aes_decrypt aes_encrypt aggregate any_value approxCountDistinct
  approx_count_distinct approx_percentile array array_agg array_append array_compact array_contains array_distinct array_except
  array_insert array_intersect array_join array_max array_min array_position array_prepend array_remove array_repeat array_size
  array_sort array_union arrays_overlap arrays_zip asc asc_nulls_first asc_nulls_last ascii asin asinh assert_true atan atan2
  atanh avg base64 bin bit_and bit_count bit_get bit_length bit_or bit_xor bitwiseNOT bitwise_not bool_and bool_or broadcast
  bround btrim bucket cardinality cbrt ceil ceiling char char_length character_length coalesce col collect_list collect_set
  column concat concat_ws contains conv convert_timezone corr cos cosh cot count countDistinct count_distinct count_if covar_pop
  covar_samp crc32 create_map csc cume_dist date_add date_diff date_format date_from_unix_date date_part date_sub date_trunc
  dateadd datediff datepart day dayofmonth dayofweek dayofyear days decode degrees dense_rank desc desc_nulls_first
  desc_nulls_last e element_at elt encode endswith equal_null every exists exp explode explode_outer expm1 expr extract factorial
  filter find_in_set first first_value flatten floor forall format_number format_string from_csv from_json from_unixtime
  from_utc_timestamp get get_json_object getbit greatest grouping grouping_id hash hex histogram_numeric hour hours hypot ifnull
  ilike initcap inline inline_outer instr isnan isnotnull isnull json_array_length json_object_keys json_tuple kurtosis lag last
  last_day last_value lcase lead least left length levenshtein like lit ln locate log log10 log1p log2 lower lpad ltrim make_date
  make_dt_interval make_interval make_timestamp make_timestamp_ltz make_timestamp_ntz make_ym_interval map_concat
  map_contains_key map_entries map_filter map_from_arrays map_from_entries map_keys map_values map_zip_with mask max max_by md5
  mean median min min_by minute mode month months months_between named_struct nanvl negate negative next_day nth_value ntile
  nullif nvl nvl2 octet_length overlay parse_url percent_rank percentile percentile_approx pi pmod posexplode posexplode_outer
  position positive pow power printf product quarter radians raise_error rank reduce regexp regexp_count regexp_extract
  regexp_extract_all regexp_instr regexp_like regexp_replace regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2
  regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse right rint rlike round row_number rpad rtrim schema_of_csv
  schema_of_json sec second sentences sequence session_window sha sha1 sha2 shiftLeft shiftRight shiftRightUnsigned shiftleft
  shiftright shiftrightunsigned sign signum sin sinh size skewness slice some sort_array soundex split split_part sqrt stack
  startswith std stddev stddev_pop stddev_samp str_to_map struct substr substring substring_index sum sumDistinct sum_distinct
  tan tanh timestamp_micros timestamp_millis timestamp_seconds toDegrees toRadians to_binary to_char to_csv to_date to_json
  to_number to_timestamp to_timestamp_ltz to_timestamp_ntz to_unix_timestamp to_utc_timestamp to_varchar transform transform_keys
  transform_values translate trim trunc try_add try_aes_decrypt try_avg try_divide try_element_at try_multiply try_subtract
  try_sum try_to_binary try_to_number try_to_timestamp typeof ucase udf unbase64 unhex unix_date unix_micros unix_millis
  unix_seconds unix_timestamp upper url_decode url_encode var_pop var_samp variance weekday weekofyear when width_bucket window
  window_time xxhash64 year years zip_with`;

const frames = `agg alias approxQuantile cache coalesce collect columns corr count cov crossJoin crosstab cube describe distinct
  drop dropDuplicates drop_duplicates dropna dtypes exceptAll fillna filter first freqItems groupBy groupby head intersect
  intersectAll isEmpty join limit melt na offset orderBy persist randomSplit repartition repartitionByRange replace rollup schema
  select selectExpr sort sortWithinPartitions stat subtract summary tail take toDF transform union unionAll unionByName unpersist
  unpivot where withColumn withColumnRenamed withColumns withColumnsRenamed withMetadata fill avg max mean min pivot sum`;

const columns = `alias asc asc_nulls_first asc_nulls_last astype between bitwiseAND bitwiseOR bitwiseXOR cast contains desc
  desc_nulls_first desc_nulls_last dropFields endswith eqNullSafe getField getItem ilike isNotNull isNull isin like otherwise over
  rlike startswith substr when withField currentRow partitionBy rangeBetween rowsBetween unboundedFollowing unboundedPreceding
  asNondeterministic asDict`;

const types = `DataType NullType StringType CharType VarcharType BinaryType BooleanType DateType TimestampType TimestampNTZType
  DecimalType DoubleType FloatType ByteType IntegerType LongType ShortType DayTimeIntervalType YearMonthIntervalType ArrayType
  MapType StructType StructField`;

/** Attributes of types and rows that are looked at. */
const typeAttributes =
  'fields names fieldNames dataType nullable simpleString typeName elementType keyType valueType precision scale';

const job = `start read read_since write trace at_instant instant number_series time_series hierarchy as_of_join spark sql
  createDataFrame range`;

const texts = `capitalize casefold center count encode decode endswith expandtabs find index isalnum isalpha isascii isdecimal
  isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip partition removeprefix
  removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate
  upper zfill`;

const collections = `append clear copy extend index insert pop remove reverse sort add difference discard intersection isdisjoint
  issubset issuperset union update get items keys setdefault values popitem most_common elements appendleft popleft move_to_end`;

const moments = `date datetime time timedelta timezone utc year month day hour minute second microsecond days seconds
  microseconds total_seconds isoformat fromisoformat strftime strptime weekday isoweekday isocalendar toordinal fromordinal
  combine replace astimezone tzinfo timestamp fromtimestamp min max`;

const numbers = `Decimal ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP
  InvalidOperation quantize to_integral_value normalize as_tuple is_nan is_infinite is_zero is_signed copy_abs sqrt ceil floor
  trunc fabs fmod fsum gcd lcm log log2 log10 log1p exp expm1 pow hypot isclose isfinite isinf isnan pi e inf nan sin cos tan asin
  acos atan atan2 radians degrees factorial comb perm prod copysign as_integer_ratio bit_length is_integer`;

const patterns = `compile match fullmatch search sub subn split findall finditer escape group groups groupdict span end pattern
  IGNORECASE MULTILINE DOTALL VERBOSE ASCII I M S X A loads dumps`;

const tools = `reduce partial cmp_to_key lru_cache accumulate chain combinations combinations_with_replacement compress count
  cycle dropwhile filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee zip_longest from_iterable
  Counter OrderedDict defaultdict deque`;

/** Attributes, of whatever they are. */
export const allowedAttributes: ReadonlySet<string> = listed(
  ...[functions, frames, columns, types, typeAttributes, job, texts, collections, moments, numbers, patterns, tools],
  'functions types sql Window args',
);

const typing =
  'Any Callable Dict Iterable Iterator List Mapping Optional Sequence Set Tuple Union Literal Final TypeVar Generator Hashable';

const sparkFunctions = listed(functions);

/** By module: the names that may be taken from it. */
export const allowedImports: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['__future__', listed('annotations')],
  ['datamorph', listed('Job JobError')],
  ['datamorph_functions', listed('SqlError')],
  ['pyspark.sql', listed('functions types Window WindowSpec DataFrame Column Row GroupedData')],
  ['pyspark.sql.functions', new Set([...sparkFunctions].filter((name) => name !== 'expr'))],
  ['pyspark.sql.types', listed(types, 'Row')],
  ['pyspark.sql.window', listed('Window WindowSpec')],
  ['decimal', listed(numbers)],
  ['datetime', listed('date datetime time timedelta timezone')],
  ['math', listed(numbers)],
  ['re', listed(patterns)],
  ['functools', listed('reduce partial cmp_to_key lru_cache')],
  ['itertools', listed(tools)],
  ['json', listed('loads dumps')],
  ['typing', listed(typing)],
  ['collections', listed('Counter OrderedDict defaultdict deque')],
  ['collections.abc', listed(typing)],
]);

export const isSparkFunction = (name: string): boolean => sparkFunctions.has(name);

/** Python's own names that a script may use. */
export const allowedBuiltins: ReadonlySet<string> = listed(
  `abs all any bool bytes chr dict divmod enumerate filter float frozenset hash hex int isinstance iter len list map max min next
  oct ord pow range repr reversed round set slice sorted str sum tuple zip
  ArithmeticError AssertionError Exception IndexError KeyError LookupError OverflowError RuntimeError TypeError ValueError
  ZeroDivisionError NotImplementedError StopIteration`,
);

/**
 * Python's names that nothing in a script may have, wherever it is defined: they run code, reach into objects, files and the
 * terminal. Scopes are not told apart, so a parameter of such a name could hide a call of the real one.
 */
export const deniedNames: ReadonlySet<string> = listed(
  `__builtins__ __import__ __loader__ __spec__ breakpoint compile delattr dir eval exec exit getattr globals help input locals
  memoryview object open print quit setattr super type vars BaseException SystemExit KeyboardInterrupt GeneratorExit`,
);

/** What to write instead, for names that models like. */
export const insteadOf: ReadonlyMap<string, string> = new Map([
  ...['current_timestamp', 'current_date', 'now', 'today', 'utcnow', 'curdate', 'localtimestamp'].map(
    (name) => [name, 'the clock is read once a run: use job.instant or job.at_instant(...)'] as const,
  ),
  ...['rand', 'randn', 'shuffle', 'monotonically_increasing_id', 'uuid', 'sample', 'sampleBy'].map(
    (name) => [name, 'every run has to give the same rows'] as const,
  ),
  ...['print', 'show', 'printSchema', 'explain'].map(
    (name) => [name, 'rows must not reach the log; job.trace(...) counts them'] as const,
  ),
  ...['format', 'format_map'].map((name) => [name, 'use an f-string'] as const),
  ...['rdd', 'mapPartitions', 'foreach', 'foreachPartition', 'mapInPandas', 'applyInPandas', 'toPandas'].map(
    (name) => [name, 'stay with data frames, and with F.udf where Python is needed'] as const,
  ),
  ...['SparkSession', 'SparkContext', 'sparkContext', 'sparkSession', 'builder', 'getOrCreate', 'conf'].map(
    (name) => [name, 'the session is the runtime’s: Job.start(...) gives it'] as const,
  ),
  ...['jdbc', 'csv', 'parquet', 'saveAsTable', 'insertInto', 'writeTo', 'option', 'options', 'load', 'save'].map(
    (name) => [name, 'rows are read by job.read(...) and written by job.write(...)'] as const,
  ),
]);
