"""derive-patterns

Compiled by DataMorph from the spec derive-patterns: change the spec rather than this file.
"""

from datamorph import Job
from pyspark.sql import functions as F

job = Job.start(
    "derive-patterns",
    functions=[
        "pg_like",
        "pg_quote_literal",
        "pg_regexp_like",
        "pg_regexp_match",
        "pg_regexp_split",
        "pg_regexp_substring",
    ],
)

# named: the rows of customers where name ~* '^[a-zé]'
named = job.read(
    table="public.customers",
    columns={
        "customer_id": "integer",
        "name": "text",
        "region": "text",
        "segment": "character varying(10)",
        "tags": "text[]",
    },
    where="name ~* '^[a-zé]'",
)

# read: named with initials, doubled, first_tag, words, is_retail and label worked out
read = named.withColumns(
    {
        "initials": F.expr(
            "regexp_replace(name, "
            "'(?s)([\\\\p{IsAlphabetic}0-9_])[\\\\p{IsAlphabetic}0-9_]*\\\\p{IsWhite_Space}*', '$1.')"
        ),
        "doubled": F.expr("pg_regexp_substring(name, '(\\\\w)\\\\1')"),
        "first_tag": F.expr("get(pg_regexp_match(array_join(tags, ','), '^([^,]*),?(.*)$', ''), 0)"),
        "words": F.expr("size(pg_regexp_split(name, '[\\\\s-]+', ''))"),
        "is_retail": F.expr(
            "segment rlike '(?s)\\\\A(?:(?:re|who).*)\\\\z' or cast(pg_like(name, '%' || region, '\\\\') as boolean)"
        ),
        "label": F.expr(
            "concat(name, ' (', cast(customer_id as string), ', ', coalesce(pg_quote_literal(region), 'NULL'), ')')"
        ),
    },
)

# The target: these rows replace all of public.patterns
job.trace({"named": named, "read": read})
job.write(
    read.select("customer_id", "initials", "doubled", "first_tag", "words", "is_retail", "label"),
    table="public.patterns",
    mode="replace",
    columns={
        "customer_id": "integer",
        "initials": "text",
        "doubled": "text",
        "first_tag": "text",
        "words": "integer",
        "is_retail": "boolean",
        "label": "text",
    },
    required=["customer_id"],
)
