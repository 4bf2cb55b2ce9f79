-- After the rows: sequences past the last key, indexes, views, and what the planner wants to know.
SELECT setval(pg_get_serial_sequence('customers', 'customer_id'), max(customer_id)) FROM customers;
SELECT setval(pg_get_serial_sequence('addresses', 'address_id'), max(address_id)) FROM addresses;
SELECT setval(pg_get_serial_sequence('products', 'product_id'), max(product_id)) FROM products;
SELECT setval(pg_get_serial_sequence('orders', 'order_id'), max(order_id)) FROM orders;
SELECT setval(pg_get_serial_sequence('payments', 'payment_id'), max(payment_id)) FROM payments;
SELECT setval(pg_get_serial_sequence('refunds', 'refund_id'), max(refund_id)) FROM refunds;
SELECT setval(pg_get_serial_sequence('events', 'event_id'), max(event_id)) FROM events;

CREATE INDEX customers_email_idx ON customers (lower(email));
CREATE INDEX addresses_customer_idx ON addresses (customer_id);
CREATE INDEX products_attributes_idx ON products USING gin (attributes);
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE INDEX orders_ordered_at_idx ON orders (ordered_at);
CREATE INDEX orders_open_idx ON orders (ordered_at) WHERE status IN ('N', 'P');
CREATE INDEX order_items_product_idx ON order_items (product_id);
CREATE INDEX payments_order_idx ON payments (order_id);
CREATE INDEX refunds_payment_idx ON refunds (payment_id);
CREATE INDEX events_customer_idx ON events (customer_id, occurred_at);

CREATE VIEW open_orders AS
  SELECT order_id, order_number, customer_id, status, ordered_at, total_amount, currency FROM orders WHERE status IN ('N', 'P') AND NOT is_test;
COMMENT ON VIEW open_orders IS 'Orders that still have to be sent; test orders left out.';

CREATE VIEW product_sales AS
  SELECT product_id, sku, name, coalesce(sum(quantity), 0) AS quantity, count(DISTINCT order_id) AS orders
  FROM products LEFT JOIN order_items USING (product_id) GROUP BY product_id;
COMMENT ON VIEW product_sales IS 'How often each product was ordered, whatever became of the order.';

CREATE MATERIALIZED VIEW daily_revenue AS
  SELECT (ordered_at AT TIME ZONE 'UTC')::date AS day, currency, count(*) AS orders, sum(total_amount) AS revenue
  FROM orders WHERE status <> 'X' AND NOT is_test GROUP BY 1, 2;
CREATE UNIQUE INDEX daily_revenue_key ON daily_revenue (day, currency);
COMMENT ON MATERIALIZED VIEW daily_revenue IS 'Revenue by day (UTC) and currency; refreshed every night.';

ANALYZE;
