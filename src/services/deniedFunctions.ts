/**
 * Functions that a query of a person or a model may not call, although it only reads: they reach past the data into the
 * server, its files, its settings and other sessions, take locks, run SQL that nobody has looked at, or carry rows away.
 * This is the one list. A READ ONLY transaction and a low-right role stand behind it; it is the first fence, not the only one.
 */
const names: ReadonlySet<string> = new Set([
  // Files and programs of the server.
  ...['pg_read_file', 'pg_read_binary_file', 'pg_stat_file', 'pg_file_read', 'pg_file_write', 'pg_file_rename'],
  ...['pg_file_unlink', 'pg_file_sync', 'pg_current_logfile', 'pg_rotate_logfile', 'pg_logdir_ls', 'pg_hba_file_rules'],
  ...['pg_show_all_file_settings', 'pg_ident_file_mappings'],
  // Settings, sequences, and the transaction that is to stay read-only.
  ...['set_config', 'nextval', 'setval', 'pg_reload_conf', 'pg_notify', 'pg_export_snapshot', 'pg_current_xact_id'],
  ...['txid_current', 'pg_extension_config_dump', 'pg_nextoid', 'pg_import_system_collations'],
  // Indexes that are tidied up, which a read-only transaction does not stop.
  ...['brin_summarize_new_values', 'brin_summarize_range', 'brin_desummarize_range', 'gin_clean_pending_list'],
  // Time and sessions of others.
  ...['pg_sleep', 'pg_sleep_for', 'pg_sleep_until', 'pg_cancel_backend', 'pg_terminate_backend', 'pg_promote'],
  ...['pg_switch_wal', 'pg_create_restore_point', 'pg_backup_start', 'pg_backup_stop', 'pg_start_backup'],
  ...['pg_stop_backup', 'pg_prewarm', 'pg_stat_statements_reset'],
  // SQL in a text, which nobody has looked at.
  ...['query_to_xml', 'query_to_xmlschema', 'query_to_xml_and_xmlschema', 'cursor_to_xml', 'cursor_to_xmlschema'],
  ...['database_to_xml', 'database_to_xmlschema', 'database_to_xml_and_xmlschema', 'schema_to_xml'],
  ...['schema_to_xmlschema', 'schema_to_xml_and_xmlschema', 'table_to_xml', 'table_to_xmlschema'],
  ...['table_to_xml_and_xmlschema', 'ts_stat', 'ts_rewrite', 'crosstab', 'connectby', 'xpath_table'],
]);

const patterns: readonly RegExp[] = [
  /^lo_|^loread$|^lowrite$/,
  /^dblink/,
  /^pg_ls_/,
  /^pg_(?:try_)?advisory_/,
  /^pg_(?:stat_reset|log_|logical_|replication_|wal_replay_|drop_replication_|create_(?:physical|logical)_|copy_(?:physical|logical)_)/,
  /^postgres_fdw_/,
  /^crosstab\d*$/,
  /^http(?:_|$)/,
];

/** Extensions that do nothing but reach outside: whatever their functions are called. */
const schemas: ReadonlySet<string> = new Set([
  ...['aws_s3', 'aws_lambda', 'aws_commons', 'aws_ml', 'aws_comprehend', 'aws_sagemaker', 'aws_bedrock'],
  ...['cron', 'net', 'dblink', 'pgagent'],
]);

/** Relations that hold secrets or the server's own configuration. */
const relations: ReadonlySet<string> = new Set([
  ...['pg_authid', 'pg_shadow', 'pg_user_mapping', 'pg_user_mappings', 'pg_subscription', 'pg_largeobject'],
  ...['pg_hba_file_rules', 'pg_ident_file_mappings', 'pg_file_settings'],
]);

/** `name` is as the parser gives it: parts of a qualified name, folded to lower case unless quoted. */
export function isDeniedFunction(name: readonly string[]): boolean {
  const last = name.at(-1) ?? '';
  const schema = name.at(-2);
  return (
    names.has(last) || patterns.some((pattern) => pattern.test(last)) || (schema !== undefined && schemas.has(schema))
  );
}

export const isDeniedRelation = (name: string): boolean => relations.has(name);
