-- Fills the shop. Nothing is random: every choice is a hash of a row's key, so each load gives the same rows.
SET LOCAL TimeZone = 'UTC';

CREATE FUNCTION pg_temp.pick(salt text, id bigint, choices bigint) RETURNS integer
  LANGUAGE sql IMMUTABLE AS $$ SELECT ((('x' || substr(md5(salt || ':' || id), 1, 8))::bit(32)::bigint) % choices)::integer $$;
CREATE FUNCTION pg_temp.one_of(list text[], salt text, id bigint) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$ SELECT list[1 + pg_temp.pick(salt, id, cardinality(list))] $$;

INSERT INTO products (product_id, sku, name, category, brand, price, weight_grams, tags, attributes, discontinued_on, created_at)
SELECT id,
  'SKU-' || lpad(id::text, 5, '0'),
  pg_temp.one_of('{Compact,Classic,Ultra,Eco,"Café",Nordic,Pro,Junior}', 'adjective', id) || ' ' || noun || ' ' || (id % 90 + 10),
  category,
  CASE WHEN pg_temp.pick('no brand', id, 12) > 0 THEN pg_temp.one_of('{Alder,Brünn,Çelik,Dahlia,Étoile,Fjord}', 'brand', id) END,
  (pg_temp.pick('price', id, 29900) + 99) / 100.0,
  CASE WHEN pg_temp.pick('no weight', id, 15) > 0 THEN 50 + pg_temp.pick('weight', id, 9950) END,
  CASE pg_temp.pick('tags', id, 4) WHEN 0 THEN '{}' WHEN 1 THEN '{new}' WHEN 2 THEN '{sale,"last chance"}' ELSE ARRAY[category, 'gift'] END,
  jsonb_strip_nulls(jsonb_build_object(
    'colour', pg_temp.one_of('{red,green,blue,black,NULL}', 'colour', id),
    'warranty_months', 12 * pg_temp.pick('warranty', id, 4),
    'rating', CASE WHEN pg_temp.pick('unrated', id, 5) > 0 THEN (10 + pg_temp.pick('rating', id, 41)) / 10.0 END,
    'dimensions', CASE WHEN pg_temp.pick('no size', id, 3) > 0 THEN jsonb_build_object(
      'width', 20 + pg_temp.pick('width', id, 600), 'height', 20 + pg_temp.pick('height', id, 900), 'depth', 10 + pg_temp.pick('depth', id, 400)) END)),
  CASE WHEN pg_temp.pick('discontinued', id, 14) = 0 THEN date '2025-01-01' + pg_temp.pick('discontinued on', id, 300) END,
  timestamptz '2023-06-01' + pg_temp.pick('product created', id, 300) * interval '1 day'
FROM generate_series(1, 500) AS id,
  LATERAL (SELECT (ARRAY['kitchen','garden','office','toys','sports'])[1 + id % 5], (ARRAY['kettle','rake','stapler','puzzle','racket'])[1 + id % 5]) AS kind (category, noun);

-- The last 60 customers are earlier ones who opened a second account.
INSERT INTO customers (customer_id, first_name, last_name, email, phone, country_code, segment, marketing_consent, birth_date, credit_limit, referred_by, created_at)
SELECT id, first_name, last_name,
  CASE
    WHEN pg_temp.pick('no email', person, 40) = 0 THEN NULL
    WHEN id <> person THEN upper(email)
    WHEN pg_temp.pick('email form', id, 20) = 0 THEN email || '  '
    WHEN pg_temp.pick('email form', id, 20) = 1 THEN initcap(email)
    ELSE email
  END,
  CASE WHEN pg_temp.pick('phone', id, 3) > 0 THEN '+' || (30 + pg_temp.pick('prefix', id, 20)) || ' ' || (1000000 + pg_temp.pick('number', id, 8999999)) END,
  pg_temp.one_of('{DE,DE,DE,AT,CH,FR,PL,GB,US}', 'country', person),
  segment,
  (ARRAY[true, true, false, NULL])[1 + pg_temp.pick('consent', id, 4)],
  CASE WHEN pg_temp.pick('birth', id, 4) > 0 THEN date '1945-01-01' + pg_temp.pick('birth date', person, 22000) END,
  CASE WHEN segment <> 'consumer' THEN 500.00 * pg_temp.pick('credit', id, 41) END,
  CASE WHEN id > 100 AND pg_temp.pick('referred', id, 6) = 0 THEN 1 + pg_temp.pick('referrer', id, 100) END,
  timestamptz '2021-07-01' + pg_temp.pick('created', id, 79056000) * interval '1 second'
FROM generate_series(1, 5000) AS id,
  LATERAL (SELECT CASE WHEN id > 4940 THEN id - 4900 ELSE id END) AS same (person),
  LATERAL (SELECT
    pg_temp.one_of('{Anna,Ben,Chloé,Dmitri,Elif,François,Grace,Hiroshi,Ingrid,José,Käthe,Łukasz,Maja,Nikos,Olga,Pía,Søren,Zoë,李娜,Юрий}', 'first', person),
    pg_temp.one_of('{Adams,Becker,Çelik,Dupont,Eriksson,Fischer,García,Hansen,Ivanov,Jansen,Kowalski,Müller,Nowak,"O''Neill",Østergaard,"de la Cruz",Schmidt,Tanaka,"Weiß-Lang",Young}', 'last', person)
  ) AS name (first_name, last_name),
  LATERAL (SELECT 'customer.' || person || '@' || pg_temp.one_of('{example.com,example.org,mail.example.net}', 'host', person)) AS address (email),
  LATERAL (SELECT pg_temp.one_of('{consumer,consumer,consumer,consumer,business,partner}', 'segment', person)) AS kind (segment);

-- A billing address each, every second a shipping address, and every tenth one that is no longer valid.
INSERT INTO addresses (address_id, customer_id, kind, street, city, postal_code, country_code, valid_from, valid_to)
SELECT row_number() OVER (ORDER BY customer_id, kind, valid_from), customer_id, kind,
  pg_temp.one_of('{Hauptstraße,Rue de l''Église,Main Street,ul. Długa,Lindenallee,Bahnhofstraße}', 'street' || salt, customer_id) || ' ' || (1 + pg_temp.pick('house' || salt, customer_id, 180)),
  pg_temp.one_of('{Berlin,Zürich,Wien,Paris,Łódź,London,Köln," München","New York "}', 'city' || salt, customer_id),
  CASE WHEN pg_temp.pick('no code' || salt, customer_id, 30) > 0 THEN lpad(pg_temp.pick('code' || salt, customer_id, 99999)::text, 5, '0') END,
  country_code, valid_from, valid_to
FROM (
  SELECT customer_id, country_code, 'B' AS kind, 'b' AS salt, created_at::date AS valid_from, NULL::date AS valid_to FROM customers
  UNION ALL
  SELECT customer_id, country_code, 'S', 's', created_at::date, NULL FROM customers WHERE customer_id % 2 = 0
  UNION ALL
  SELECT customer_id, country_code, 'S', 'o', created_at::date - 200, created_at::date FROM customers WHERE customer_id % 10 = 0
) AS every;

INSERT INTO exchange_rates (rate_date, from_currency, to_currency, rate)
SELECT day::date, currency, 'EUR', round(base * (1 + (pg_temp.pick(currency, day::date - date '2023-01-01', 801) - 400) / 10000.0), 8)
FROM generate_series(timestamp '2024-01-01', timestamp '2025-12-31', interval '1 day') AS day,
  (VALUES ('USD', 0.92341), ('GBP', 1.17052), ('CHF', 1.04718), ('PLN', 0.23144)) AS money (currency, base)
WHERE extract(isodow FROM day) < 6;

-- Lines first, because an order's total is made of them. Every 250th order has no line; early customers buy more often.
CREATE TEMPORARY TABLE new_items ON COMMIT DROP AS
SELECT order_id, line_no, product_id, quantity, round(price * (90 + pg_temp.pick('price then', item, 21)) / 100, 2) AS unit_price,
  CASE pg_temp.pick('discount', item, 10) WHEN 0 THEN 10.00 WHEN 1 THEN 33.33 WHEN 2 THEN 0.00 END AS discount_percent
FROM generate_series(1, 17000) AS order_id,
  LATERAL generate_series(1, CASE WHEN order_id % 250 = 0 THEN 0 ELSE 1 + pg_temp.pick('lines', order_id, 4) END) AS line_no,
  LATERAL (SELECT order_id * 10 + line_no) AS key (item),
  LATERAL (SELECT 1 + pg_temp.pick('product', item, 500), 1 + pg_temp.pick('quantity', item, 5) * pg_temp.pick('many', item, 2)) AS choice (product_id, quantity)
  JOIN products USING (product_id);

INSERT INTO orders (order_id, order_number, customer_id, shipping_address_id, status, channel, currency, ordered_at, shipped_at, discount_amount, shipping_fee, total_amount, coupon_code, is_test, note)
SELECT order_id, to_char(ordered_at, '"O"YYYY-') || lpad(order_id::text, 6, '0'), customer_id,
  CASE WHEN pg_temp.pick('ship', order_id, 5) > 0 THEN (SELECT min(address_id) FROM addresses a WHERE a.customer_id = facts.customer_id AND a.kind = 'S' AND a.valid_to IS NULL) END,
  status, (ARRAY[1, 1, 1, 2, 2, 3, 4])[1 + pg_temp.pick('channel', order_id, 7)],
  pg_temp.one_of('{EUR,EUR,EUR,EUR,EUR,EUR,USD,GBP,CHF,PLN}', 'currency', coalesce(customer_id, order_id)),
  ordered_at,
  CASE WHEN status IN ('S', 'D', 'R') THEN ordered_at + pg_temp.pick('shipped', order_id, 600000) * interval '1 second' END,
  discount, fee, items - discount + fee,
  CASE WHEN items > 0 AND discount = items THEN 'FREE100' WHEN discount > 0 THEN pg_temp.one_of('{WELCOME5,spring5,"VIP5 "}', 'coupon', order_id) END,
  pg_temp.pick('test', order_id, 150) = 0,
  CASE pg_temp.pick('note', order_id, 60) WHEN 0 THEN '' WHEN 1 THEN 'Bitte beim Nachbarn abgeben' WHEN 2 THEN E'two\nlines, "quoted"' END
FROM (
  SELECT order_id, coalesce(sum(round(quantity * unit_price * (1 - coalesce(discount_percent, 0) / 100), 2)), 0.00) AS items
  FROM generate_series(1, 17000) AS order_id LEFT JOIN new_items USING (order_id) GROUP BY order_id
) AS sums,
  LATERAL (SELECT
    CASE WHEN pg_temp.pick('guest', order_id, 45) > 0 THEN 1 + pg_temp.pick('customer', order_id, 1 + pg_temp.pick('loyal', order_id, 4800)) END,
    pg_temp.one_of('{N,P,S,D,D,D,D,D,D,X,R}', 'status', order_id),
    timestamptz '2024-01-01' + (order_id * 3600 + pg_temp.pick('moment', order_id, 3600)) * interval '1 second',
    CASE pg_temp.pick('discounted', order_id, 100) WHEN 0 THEN items WHEN 1 THEN round(items * 0.05, 2) WHEN 2 THEN round(items * 0.05, 2) ELSE 0.00 END,
    CASE WHEN items >= 100 OR pg_temp.pick('discounted', order_id, 100) = 0 OR items = 0 THEN 0.00 ELSE 4.90 END
  ) AS facts (customer_id, status, ordered_at, discount, fee);

INSERT INTO order_items (order_id, line_no, product_id, quantity, unit_price, discount_percent)
SELECT order_id, line_no, product_id, quantity, unit_price, discount_percent FROM new_items ORDER BY order_id, line_no;

-- One captured payment for what is paid; before every fifteenth a failed attempt.
INSERT INTO payments (payment_id, order_id, method, status, amount, currency, provider_reference, paid_at)
SELECT row_number() OVER (ORDER BY order_id, attempt), order_id,
  pg_temp.one_of('{card,card,card,paypal,transfer,voucher,CARD,"PayPal "}', 'method', order_id),
  status, total_amount, currency,
  CASE WHEN status <> 'pending' THEN md5('payment:' || order_id || ':' || attempt)::uuid END,
  CASE WHEN status = 'captured' THEN ordered_at + pg_temp.pick('paid', order_id, 90000) * interval '1 second' END
FROM (
  SELECT order_id, total_amount, currency, ordered_at, 1 AS attempt, 'failed' AS status FROM orders WHERE pg_temp.pick('failed', order_id, 15) = 0
  UNION ALL
  SELECT order_id, total_amount, currency, ordered_at, 2, CASE WHEN status = 'N' THEN 'pending' ELSE 'captured' END FROM orders
  WHERE total_amount > 0 AND (status NOT IN ('X', 'N') OR pg_temp.pick('paid anyway', order_id, 3) = 0)
) AS attempts;

-- Returned orders are refunded whole or in part; one in twenty-five refunds is greater than the payment.
INSERT INTO refunds (refund_id, payment_id, amount, reason_code, refunded_at, note)
SELECT row_number() OVER (ORDER BY payment_id), payment_id,
  CASE
    WHEN pg_temp.pick('too much', payment_id, 25) = 0 THEN amount + 10
    WHEN pg_temp.pick('part', payment_id, 3) = 0 THEN round(amount / 3, 2)
    ELSE amount
  END,
  CASE WHEN pg_temp.pick('no reason', payment_id, 20) > 0 THEN 1 + pg_temp.pick('reason', payment_id, 5) END,
  paid_at + (1 + pg_temp.pick('refunded', payment_id, 40)) * interval '1 day',
  CASE WHEN pg_temp.pick('refund note', payment_id, 10) = 0 THEN 'agreed on the phone' END
FROM payments JOIN orders USING (order_id)
WHERE payments.status = 'captured' AND (orders.status IN ('R', 'X') OR pg_temp.pick('goodwill', payment_id, 100) = 0);

-- One event in forty arrives days late, the last 100 are earlier ones sent twice.
INSERT INTO events (event_id, session_id, customer_id, kind, occurred_at, received_at, payload)
SELECT id, md5('session:' || original / 4)::uuid,
  CASE WHEN pg_temp.pick('anonymous', original / 4, 3) > 0 THEN 1 + pg_temp.pick('visitor', original / 4, 4800) END,
  kind, occurred_at,
  occurred_at + CASE WHEN pg_temp.pick('late', id, 40) = 0 THEN (1 + pg_temp.pick('days', id, 9)) * interval '1 day' ELSE pg_temp.pick('delay', id, 9000) * interval '1 millisecond' END,
  CASE
    WHEN kind IN ('view', 'basket') THEN jsonb_build_object('product_id', 1 + pg_temp.pick('viewed', original, 500), 'device', device)
    WHEN kind = 'search' THEN jsonb_build_object('query', pg_temp.one_of('{kettle,"red rake",Café,"",puzzle}', 'query', original), 'results', pg_temp.pick('results', original, 60))
  END
FROM generate_series(1, 10000) AS id,
  LATERAL (SELECT CASE WHEN id > 9900 THEN id - 9850 ELSE id END) AS sent (original),
  LATERAL (SELECT
    pg_temp.one_of('{view,view,view,search,basket,login,Login}', 'event', original),
    pg_temp.one_of('{phone,desktop,tablet}', 'device', original / 4),
    timestamptz '2025-01-01' + (original / 4) * interval '2 hours' + (original % 4) * interval '90 seconds'
  ) AS facts (kind, device, occurred_at);
