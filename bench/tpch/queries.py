"""The 22 queries of TPC-H by hand: what a careful engineer writes in PySpark, over the same JDBC reader.

`read(table, columns, where)` gives the named columns; the filter is PostgreSQL's to apply. Small sides are broadcast.
"""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

Read = Callable[..., DataFrame]
REVENUE = "l_extendedprice * (1 - l_discount)"


def nations_of(read: Read, region: str) -> DataFrame:
    regions = read("region", "r_regionkey", f"r_name = '{region}'")
    nations = read("nation", "n_nationkey n_name n_regionkey")
    return nations.join(F.broadcast(regions), F.col("n_regionkey") == F.col("r_regionkey"), "left_semi")


def q01(read: Read) -> DataFrame:
    lines = read(
        "lineitem",
        "l_returnflag l_linestatus l_quantity l_extendedprice l_discount l_tax",
        "l_shipdate <= date '1998-12-01' - interval '90' day",
    )
    return lines.groupBy("l_returnflag", "l_linestatus").agg(
        F.sum("l_quantity"),
        F.sum("l_extendedprice"),
        F.expr(f"sum({REVENUE})"),
        F.expr(f"sum({REVENUE} * (1 + l_tax))"),
        F.avg("l_quantity"),
        F.avg("l_extendedprice"),
        F.avg("l_discount"),
        F.count("*"),
    )


def q02(read: Read) -> DataFrame:
    parts = read("part", "p_partkey p_mfgr", "p_size = 15 and p_type like '%BRASS'")
    suppliers = read("supplier", "s_suppkey s_name s_nationkey s_phone s_acctbal").join(
        F.broadcast(nations_of(read, "EUROPE")), F.expr("s_nationkey = n_nationkey")
    )
    offers = (
        read("partsupp", "ps_partkey ps_suppkey ps_supplycost")
        .join(F.broadcast(parts), F.expr("ps_partkey = p_partkey"))
        .join(F.broadcast(suppliers), F.expr("ps_suppkey = s_suppkey"))
    )
    least = offers.groupBy("p_partkey").agg(F.min("ps_supplycost").alias("ps_supplycost"))
    best = offers.join(least, ["p_partkey", "ps_supplycost"])
    wanted = best.select("s_acctbal", "s_name", "n_name", "p_partkey", "p_mfgr", "s_phone")
    return wanted.orderBy(F.desc("s_acctbal"), "n_name", "s_name", "p_partkey").limit(100)


def q03(read: Read) -> DataFrame:
    customers = read("customer", "c_custkey", "c_mktsegment = 'BUILDING'")
    orders = read("orders", "o_orderkey o_custkey o_orderdate o_shippriority", "o_orderdate < date '1995-03-15'")
    lines = read("lineitem", "l_orderkey l_extendedprice l_discount", "l_shipdate > date '1995-03-15'")
    wanted = orders.join(customers, F.expr("o_custkey = c_custkey"), "left_semi")
    joined = lines.join(wanted, F.expr("l_orderkey = o_orderkey"))
    summed = joined.groupBy("l_orderkey", "o_orderdate", "o_shippriority").agg(
        F.expr(f"sum({REVENUE})").alias("revenue")
    )
    return summed.orderBy(F.desc("revenue"), "o_orderdate", "l_orderkey").limit(10)


def q04(read: Read) -> DataFrame:
    orders = read(
        "orders",
        "o_orderkey o_orderpriority",
        "o_orderdate >= date '1993-07-01' and o_orderdate < date '1993-10-01'",
    )
    late = read("lineitem", "l_orderkey", "l_commitdate < l_receiptdate")
    return orders.join(late, F.expr("o_orderkey = l_orderkey"), "left_semi").groupBy("o_orderpriority").count()


def q05(read: Read) -> DataFrame:
    nations = nations_of(read, "ASIA")
    suppliers = read("supplier", "s_suppkey s_nationkey").join(
        F.broadcast(nations), F.expr("s_nationkey = n_nationkey")
    )
    orders = read(
        "orders", "o_orderkey o_custkey", "o_orderdate >= date '1994-01-01' and o_orderdate < date '1995-01-01'"
    )
    joined = (
        read("lineitem", "l_orderkey l_suppkey l_extendedprice l_discount")
        .join(F.broadcast(suppliers), F.expr("l_suppkey = s_suppkey"))
        .join(orders, F.expr("l_orderkey = o_orderkey"))
        .join(read("customer", "c_custkey c_nationkey"), F.expr("o_custkey = c_custkey and c_nationkey = s_nationkey"))
    )
    return joined.groupBy("n_name").agg(F.expr(f"sum({REVENUE})"))


def q06(read: Read) -> DataFrame:
    lines = read(
        "lineitem",
        "l_extendedprice l_discount",
        "l_shipdate >= date '1994-01-01' and l_shipdate < date '1995-01-01' "
        "and l_discount between 0.05 and 0.07 and l_quantity < 24",
    )
    return lines.agg(F.expr("sum(l_extendedprice * l_discount)"))


def q07(read: Read) -> DataFrame:
    nations = read("nation", "n_nationkey n_name", "n_name in ('FRANCE', 'GERMANY')")
    selling = nations.select(F.col("n_nationkey").alias("s_nation"), F.col("n_name").alias("supp_nation"))
    buying = nations.select(F.col("n_nationkey").alias("c_nation"), F.col("n_name").alias("cust_nation"))
    suppliers = read("supplier", "s_suppkey s_nationkey").join(F.broadcast(selling), F.expr("s_nationkey = s_nation"))
    customers = read("customer", "c_custkey c_nationkey").join(F.broadcast(buying), F.expr("c_nationkey = c_nation"))
    lines = read(
        "lineitem",
        "l_orderkey l_suppkey l_extendedprice l_discount l_shipdate",
        "l_shipdate between date '1995-01-01' and date '1996-12-31'",
    )
    joined = (
        lines.join(F.broadcast(suppliers), F.expr("l_suppkey = s_suppkey"))
        .join(read("orders", "o_orderkey o_custkey"), F.expr("l_orderkey = o_orderkey"))
        .join(F.broadcast(customers), F.expr("o_custkey = c_custkey and supp_nation <> cust_nation"))
    )
    return joined.groupBy("supp_nation", "cust_nation", F.year("l_shipdate")).agg(F.expr(f"sum({REVENUE})"))


def q08(read: Read) -> DataFrame:
    parts = read("part", "p_partkey", "p_type = 'ECONOMY ANODIZED STEEL'")
    customers = read("customer", "c_custkey c_nationkey").join(
        F.broadcast(nations_of(read, "AMERICA")), F.expr("c_nationkey = n_nationkey"), "left_semi"
    )
    orders = read(
        "orders",
        "o_orderkey o_custkey o_orderdate",
        "o_orderdate between date '1995-01-01' and date '1996-12-31'",
    )
    selling = read("nation", "n_nationkey n_name")
    suppliers = read("supplier", "s_suppkey s_nationkey").join(
        F.broadcast(selling), F.expr("s_nationkey = n_nationkey")
    )
    joined = (
        read("lineitem", "l_orderkey l_partkey l_suppkey l_extendedprice l_discount")
        .join(F.broadcast(parts), F.expr("l_partkey = p_partkey"), "left_semi")
        .join(orders, F.expr("l_orderkey = o_orderkey"))
        .join(customers, F.expr("o_custkey = c_custkey"), "left_semi")
        .join(F.broadcast(suppliers), F.expr("l_suppkey = s_suppkey"))
    )
    share = f"sum(case when n_name = 'BRAZIL' then {REVENUE} else 0 end) / sum({REVENUE})"
    return joined.groupBy(F.year("o_orderdate")).agg(F.expr(share))


def q09(read: Read) -> DataFrame:
    parts = read("part", "p_partkey", "p_name like '%green%'")
    suppliers = read("supplier", "s_suppkey s_nationkey").join(
        F.broadcast(read("nation", "n_nationkey n_name")), F.expr("s_nationkey = n_nationkey")
    )
    joined = (
        read("lineitem", "l_orderkey l_partkey l_suppkey l_quantity l_extendedprice l_discount")
        .join(F.broadcast(parts), F.expr("l_partkey = p_partkey"), "left_semi")
        .join(F.broadcast(suppliers), F.expr("l_suppkey = s_suppkey"))
        .join(
            read("partsupp", "ps_partkey ps_suppkey ps_supplycost"),
            F.expr("l_partkey = ps_partkey and l_suppkey = ps_suppkey"),
        )
        .join(read("orders", "o_orderkey o_orderdate"), F.expr("l_orderkey = o_orderkey"))
    )
    profit = F.expr(f"sum({REVENUE} - ps_supplycost * l_quantity)")
    return joined.groupBy("n_name", F.year("o_orderdate")).agg(profit)


def q10(read: Read) -> DataFrame:
    orders = read(
        "orders", "o_orderkey o_custkey", "o_orderdate >= date '1993-10-01' and o_orderdate < date '1994-01-01'"
    )
    lines = read("lineitem", "l_orderkey l_extendedprice l_discount", "l_returnflag = 'R'")
    summed = (
        lines.join(orders, F.expr("l_orderkey = o_orderkey"))
        .groupBy("o_custkey")
        .agg(F.expr(f"sum({REVENUE})").alias("revenue"))
    )
    customers = read("customer", "c_custkey c_name c_acctbal c_address c_phone c_nationkey").join(
        F.broadcast(read("nation", "n_nationkey n_name")), F.expr("c_nationkey = n_nationkey")
    )
    joined = customers.join(summed, F.expr("c_custkey = o_custkey"))
    wanted = joined.select("c_custkey", "c_name", "revenue", "c_acctbal", "n_name", "c_address", "c_phone")
    return wanted.orderBy(F.desc("revenue"), "c_custkey").limit(20)


def q11(read: Read) -> DataFrame:
    nations = read("nation", "n_nationkey", "n_name = 'GERMANY'")
    suppliers = read("supplier", "s_suppkey s_nationkey").join(
        F.broadcast(nations), F.expr("s_nationkey = n_nationkey"), "left_semi"
    )
    stock = read("partsupp", "ps_partkey ps_suppkey ps_supplycost ps_availqty").join(
        F.broadcast(suppliers), F.expr("ps_suppkey = s_suppkey"), "left_semi"
    )
    value = F.expr("sum(ps_supplycost * ps_availqty)")
    parts = stock.groupBy("ps_partkey").agg(value.alias("part_value")).persist()
    total = parts.agg((F.sum("part_value") * F.expr("0.01BD")).alias("least"))
    return parts.crossJoin(F.broadcast(total)).where("part_value > least").select("ps_partkey", "part_value")


def q12(read: Read) -> DataFrame:
    lines = read(
        "lineitem",
        "l_orderkey l_shipmode",
        "l_shipmode in ('MAIL', 'SHIP') and l_commitdate < l_receiptdate and l_shipdate < l_commitdate "
        "and l_receiptdate >= date '1994-01-01' and l_receiptdate < date '1995-01-01'",
    )
    joined = lines.join(read("orders", "o_orderkey o_orderpriority"), F.expr("l_orderkey = o_orderkey"))
    is_high = "o_orderpriority in ('1-URGENT', '2-HIGH')"
    return joined.groupBy("l_shipmode").agg(F.expr(f"count_if({is_high})"), F.expr(f"count_if(not {is_high})"))


def q13(read: Read) -> DataFrame:
    orders = read("orders", "o_custkey", "o_comment not like '%special%requests%'")
    counted = orders.groupBy("o_custkey").agg(F.count("*").alias("orders"))
    joined = read("customer", "c_custkey").join(counted, F.expr("c_custkey = o_custkey"), "left")
    return joined.groupBy(F.expr("coalesce(orders, 0)").alias("c_count")).count()


def q14(read: Read) -> DataFrame:
    lines = read(
        "lineitem",
        "l_partkey l_extendedprice l_discount",
        "l_shipdate >= date '1995-09-01' and l_shipdate < date '1995-10-01'",
    )
    joined = lines.join(read("part", "p_partkey p_type"), F.expr("l_partkey = p_partkey"))
    return joined.agg(
        F.expr(f"100.00BD * sum(case when p_type like 'PROMO%' then {REVENUE} else 0 end) / sum({REVENUE})")
    )


def q15(read: Read) -> DataFrame:
    lines = read(
        "lineitem",
        "l_suppkey l_extendedprice l_discount",
        "l_shipdate >= date '1996-01-01' and l_shipdate < date '1996-04-01'",
    )
    revenue = lines.groupBy("l_suppkey").agg(F.expr(f"sum({REVENUE})").alias("total_revenue")).persist()
    most = revenue.agg(F.max("total_revenue").alias("total_revenue"))
    top = revenue.join(F.broadcast(most), "total_revenue")
    suppliers = read("supplier", "s_suppkey s_name s_address s_phone")
    joined = suppliers.join(F.broadcast(top), F.expr("s_suppkey = l_suppkey"))
    return joined.select("s_suppkey", "s_name", "s_address", "s_phone", "total_revenue")


def q16(read: Read) -> DataFrame:
    parts = read(
        "part",
        "p_partkey p_brand p_type p_size",
        "p_brand <> 'Brand#45' and p_type not like 'MEDIUM POLISHED%' and p_size in (49, 14, 23, 45, 19, 3, 36, 9)",
    )
    bad = read("supplier", "s_suppkey", "s_comment like '%Customer%Complaints%'")
    joined = (
        read("partsupp", "ps_partkey ps_suppkey")
        .join(F.broadcast(parts), F.expr("ps_partkey = p_partkey"))
        .join(F.broadcast(bad), F.expr("ps_suppkey = s_suppkey"), "left_anti")
    )
    return joined.groupBy("p_brand", "p_type", "p_size").agg(F.count_distinct("ps_suppkey"))


def q17(read: Read) -> DataFrame:
    parts = read("part", "p_partkey", "p_brand = 'Brand#23' and p_container = 'MED BOX'")
    lines = (
        read("lineitem", "l_partkey l_quantity l_extendedprice")
        .join(F.broadcast(parts), F.expr("l_partkey = p_partkey"), "left_semi")
        .persist()
    )
    few = lines.groupBy("l_partkey").agg(F.expr("0.2BD * avg(l_quantity)").alias("few"))
    return lines.join(few, "l_partkey").where("l_quantity < few").agg(F.expr("sum(l_extendedprice) / 7.0BD"))


def q18(read: Read) -> DataFrame:
    sums = read("lineitem", "l_orderkey l_quantity").groupBy("l_orderkey").agg(F.sum("l_quantity").alias("quantity"))
    big = sums.where("quantity > 250")
    joined = (
        read("orders", "o_orderkey o_custkey o_orderdate o_totalprice")
        .join(F.broadcast(big), F.expr("o_orderkey = l_orderkey"))
        .join(read("customer", "c_custkey c_name"), F.expr("o_custkey = c_custkey"))
    )
    wanted = joined.select("c_name", "c_custkey", "o_orderkey", "o_orderdate", "o_totalprice", "quantity")
    return wanted.orderBy(F.desc("o_totalprice"), "o_orderdate", "o_orderkey").limit(100)


def q19(read: Read) -> DataFrame:
    lines = read(
        "lineitem",
        "l_partkey l_quantity l_extendedprice l_discount",
        "l_shipmode in ('AIR', 'AIR REG') and l_shipinstruct = 'DELIVER IN PERSON'",
    )
    parts = read("part", "p_partkey p_brand p_container p_size", "p_brand in ('Brand#12', 'Brand#23', 'Brand#34')")
    wanted = """
      p_brand = 'Brand#12' and p_container in ('SM CASE', 'SM BOX', 'SM PACK', 'SM PKG')
        and l_quantity between 1 and 11 and p_size between 1 and 5
      or p_brand = 'Brand#23' and p_container in ('MED BAG', 'MED BOX', 'MED PKG', 'MED PACK')
        and l_quantity between 10 and 20 and p_size between 1 and 10
      or p_brand = 'Brand#34' and p_container in ('LG CASE', 'LG BOX', 'LG PACK', 'LG PKG')
        and l_quantity between 20 and 30 and p_size between 1 and 15"""
    joined = lines.join(F.broadcast(parts), F.expr("l_partkey = p_partkey")).where(wanted)
    return joined.agg(F.expr(f"sum({REVENUE})"))


def q20(read: Read) -> DataFrame:
    parts = read("part", "p_partkey", "p_name like 'forest%'")
    lines = read(
        "lineitem",
        "l_partkey l_suppkey l_quantity",
        "l_shipdate >= date '1994-01-01' and l_shipdate < date '1995-01-01'",
    )
    half = (
        lines.join(F.broadcast(parts), F.expr("l_partkey = p_partkey"), "left_semi")
        .groupBy("l_partkey", "l_suppkey")
        .agg(F.expr("0.5BD * sum(l_quantity)").alias("half"))
    )
    offers = (
        read("partsupp", "ps_partkey ps_suppkey ps_availqty")
        .join(F.broadcast(parts), F.expr("ps_partkey = p_partkey"), "left_semi")
        .join(half, F.expr("ps_partkey = l_partkey and ps_suppkey = l_suppkey and ps_availqty > half"))
    )
    nations = read("nation", "n_nationkey", "n_name = 'CANADA'")
    suppliers = read("supplier", "s_suppkey s_name s_address s_nationkey").join(
        F.broadcast(nations), F.expr("s_nationkey = n_nationkey"), "left_semi"
    )
    wanted = suppliers.join(offers, F.expr("s_suppkey = ps_suppkey"), "left_semi")
    return wanted.select("s_name", "s_address")


def q21(read: Read) -> DataFrame:
    lines = read("lineitem", "l_orderkey l_suppkey l_commitdate l_receiptdate")
    of_order = lines.groupBy("l_orderkey").agg(
        F.min("l_suppkey").alias("first"),
        F.max("l_suppkey").alias("last"),
        F.expr("min(l_suppkey) filter (where l_receiptdate > l_commitdate)").alias("late"),
        F.expr("max(l_suppkey) filter (where l_receiptdate > l_commitdate)").alias("last_late"),
        F.expr("count_if(l_receiptdate > l_commitdate)").alias("waits"),
    )
    guilty = of_order.where("first <> last and late = last_late")
    suppliers = read("supplier", "s_suppkey s_name s_nationkey").join(
        F.broadcast(read("nation", "n_nationkey", "n_name = 'SAUDI ARABIA'")),
        F.expr("s_nationkey = n_nationkey"),
        "left_semi",
    )
    joined = guilty.join(F.broadcast(suppliers), F.expr("late = s_suppkey")).join(
        read("orders", "o_orderkey", "o_orderstatus = 'F'"), F.expr("l_orderkey = o_orderkey"), "left_semi"
    )
    counted = joined.groupBy("s_name").agg(F.sum("waits").alias("numwait"))
    return counted.orderBy(F.desc("numwait"), "s_name").limit(100)


def q22(read: Read) -> DataFrame:
    codes = "substring(c_phone from 1 for 2) in ('13', '31', '23', '29', '30', '18', '17')"
    customers = read("customer", "c_custkey c_phone c_acctbal", codes).persist()
    average = customers.where("c_acctbal > 0").agg(F.avg("c_acctbal").alias("average"))
    rich = customers.crossJoin(F.broadcast(average)).where("c_acctbal > average")
    idle = rich.join(read("orders", "o_custkey"), F.expr("c_custkey = o_custkey"), "left_anti")
    return idle.groupBy(F.expr("substring(c_phone, 1, 2)")).agg(F.count("*"), F.sum("c_acctbal"))
