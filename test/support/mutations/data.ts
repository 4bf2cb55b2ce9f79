/** The rows that the mutated jobs read: rich enough that a fault shows, small enough that thousands of jobs are quick. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { shopSql } from '../../golden/shop.ts';
import { tableNames, tpchTables } from '../../spark/tpch/queries.ts';

const scale = '0.001';

/** The golden shop, with ties, doubled values and values at the ends of what the specs ask for. */
export const shopData = `${shopSql}
insert into orders values
  (1001, 3, '2026-01-10 12:34:56', '2026-01-11 00:00+00', 'paid', 100.00, 0.1, 3, 1.5),
  (1002, 3, '2026-01-10 12:34:56', '2026-01-11 23:59+00', 'open', 100.00, 0.1, 3, 1.5),
  (1003, 5, '2026-01-31 23:30:00', '2026-01-31 23:30+00', 'paid', 5000.00, null, 5, 0),
  (1004, 5, '2026-02-01 00:00:00', null, 'paid', 5000.00, 0, 4, 2.25),
  (1005, 7, '2026-01-11 12:34:56', null, 'cancelled', 10.00, 0.25, -1, 0.5),
  (1006, null, '2026-02-28 23:59:59', '2026-03-01 00:30+00', 'open', null, null, null, null),
  (1007, 9, '2026-03-31 23:45:00', '2026-04-01 01:15+00', 'Paid', 0.005, 0.005, 0, 0.125);
insert into items values (1001, 1, 3, 2, 50.00), (1001, 2, 3, 2, 50.00), (1003, 1, 4, null, 50.01), (1003, 2, 5, 1, 49.99);
insert into readings select sensor, at, value, note from readings where at < '2026-03-29 02:00';
analyze;
`;

/** The values that the 22 queries ask for, so that none of them answers nothing, and dates at the ends of their ranges. */
const richTpch = `
update supplier set s_nationkey = (array[6, 7, 2, 3, 20, 8, 18, 7, 20, 3])[1 + s_suppkey % 10];
update supplier set s_comment = 'Customer and more Complaints' where s_suppkey % 5 = 1;
update customer set c_nationkey = (array[6, 7, 2, 3, 8, 18, 1, 24, 20])[1 + c_custkey % 9];
update part set
  p_brand = (array['Brand#12', 'Brand#23', 'Brand#34', 'Brand#45'])[1 + p_partkey % 4],
  p_container = (array['SM CASE', 'MED BOX', 'LG BOX', 'SM BOX', 'MED BAG', 'LG CASE', 'MED BOX'])[1 + p_partkey % 7],
  p_size = (array[1, 5, 6, 10, 11, 15, 15, 49, 14, 9, 0, 16])[1 + p_partkey % 12],
  p_type = (array['ECONOMY ANODIZED STEEL', 'MEDIUM POLISHED BRASS', 'STANDARD BRUSHED BRASS', 'PROMO PLATED STEEL', 'LARGE BRASS'])[1 + p_partkey % 5],
  p_name = (array['forest green ', 'deep green ', 'forest ', 'almond '])[1 + p_partkey % 4] || p_name;
update partsupp set ps_availqty = ps_availqty % 60 where ps_partkey % 4 in (0, 2);
update lineitem set
  l_shipmode = (array['AIR', 'AIR REG', 'MAIL', 'SHIP', 'TRUCK'])[1 + (l_orderkey + l_linenumber) % 5],
  l_shipinstruct = case when l_linenumber % 3 = 0 then 'NONE' else 'DELIVER IN PERSON' end,
  l_quantity = case when l_orderkey % 7 = 0 then (array[1, 10, 11, 20, 24, 30, 2])[l_linenumber] else l_quantity end;
update lineitem set l_shipdate = (array[date '1998-09-02', '1994-01-01', '1995-01-01', '1995-09-01', '1995-10-01',
  '1996-01-01', '1996-04-01', '1995-03-15', '1996-12-31', '1998-09-03', '1997-01-01'])[1 + l_orderkey / 32 % 11] where l_orderkey % 5 = 0;
update lineitem set l_receiptdate = case when l_orderkey % 3 = 0 then l_commitdate else date '1994-01-01' end where l_orderkey % 11 = 0;
update lineitem set l_commitdate = l_shipdate where l_orderkey % 13 = 0;
update lineitem set l_receiptdate = date '1995-01-01', l_commitdate = date '1994-12-20', l_shipdate = date '1994-12-10' where l_orderkey % 17 = 0;
update orders set o_orderdate = (array[date '1995-03-15', '1993-07-01', '1993-10-01', '1994-01-01', '1995-01-01',
  '1996-12-31', '1995-03-14', '1994-12-31', '1993-09-30', '1993-12-31'])[1 + o_orderkey / 32 % 10] where o_orderkey % 4 = 0;
update orders set o_orderstatus = 'F' where o_orderkey % 3 = 0;
update orders set o_shippriority = o_orderkey % 2;
`;

/** Loads TPC-H by statements of a superuser; the server reads the files itself, under another account. */
export async function loadTpch(run: (sql: string) => Promise<unknown>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'datamorph-tpch-'));
  try {
    chmodSync(folder, 0o755);
    const python = process.env['DATAMORPH_TEST_PYTHON'] ?? '';
    execFileSync(join(dirname(python), 'tpchgen-cli'), ['csv', '-s', scale, '--output-dir', folder]);
    await run(tpchTables);
    // So few suppliers are drawn twice for one part.
    await run('alter table partsupp drop constraint partsupp_pkey');
    for (const table of tableNames)
      await run(`copy ${table} from '${join(folder, `${table}.csv`)}' (format csv, header)`);
    await run(
      'delete from partsupp a using partsupp b where a.ctid > b.ctid and (a.ps_partkey, a.ps_suppkey) = (b.ps_partkey, b.ps_suppkey)',
    );
    await run('alter table partsupp add primary key (ps_partkey, ps_suppkey)');
    await run(richTpch);
    await run('analyze');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
