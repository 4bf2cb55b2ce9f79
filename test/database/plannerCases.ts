/** Prompts over the sample shop, each with the SQL that a person wrote for it without looking at the planner's. */
import type { Answer } from '../../src/agents/planner.ts';

export interface Case {
  readonly prompt: string;
  readonly answers?: readonly Answer[];
  readonly sql: string;
  /** Of a wide result these columns only. */
  readonly columns?: string;
  /** And of many rows these. */
  readonly where?: string;
}

export const cases: readonly Case[] = [
  {
    prompt: 'Join customers and orders on customer_id, calculate total order amount per customer',
    sql: 'select c.customer_id, sum(o.total_amount) from customers c join orders o using (customer_id) group by 1',
  },
  { prompt: 'number of orders per status', sql: 'select status, count(*) from orders group by status' },
  {
    prompt: 'number of orders per month and channel, sorted by month',
    sql: `select date_trunc('month', ordered_at at time zone 'UTC')::date, channel, count(*) from orders group by 1, 2`,
  },
  {
    prompt: 'paid orders since 2024-01-01',
    columns: 'order_id',
    sql: `select order_id from orders where status = 'P' and ordered_at >= '2024-01-01 00:00:00+00'`,
  },
  {
    prompt: 'orders excluding cancelled and test orders in March 2025',
    columns: 'order_id',
    sql: `select order_id from orders where status <> 'X' and is_test = false
          and (ordered_at at time zone 'UTC')::date between '2025-03-01' and '2025-03-31'`,
  },
  {
    prompt: 'new or paid web orders',
    columns: 'order_id',
    sql: `select order_id from orders where (status = 'N' or status = 'P') and channel = 1`,
  },
  {
    prompt: 'orders between 2024-01-01 and 2024-03-31',
    columns: 'order_id',
    sql: `select order_id from orders where (ordered_at at time zone 'UTC')::date >= '2024-01-01' and (ordered_at at time zone 'UTC')::date <= '2024-03-31'`,
  },
  {
    prompt: 'orders in the last 30 days',
    columns: 'order_id',
    sql: `select order_id from orders where ordered_at >= '2025-05-16 00:00:00+00'`,
  },
  {
    prompt: 'orders last month',
    columns: 'order_id',
    sql: `select order_id from orders where to_char(ordered_at at time zone 'UTC', 'YYYY-MM') = '2025-05'`,
  },
  {
    prompt: 'orders this year',
    columns: 'order_id',
    sql: `select order_id from orders where extract(year from ordered_at at time zone 'UTC') = 2025`,
  },
  {
    prompt: 'customers without orders',
    columns: 'customer_id',
    sql: 'select customer_id from customers c where not exists (select from orders o where o.customer_id = c.customer_id)',
  },
  {
    prompt: 'customers with orders',
    columns: 'customer_id, email',
    sql: 'select distinct c.customer_id, c.email from customers c join orders o using (customer_id)',
  },
  {
    prompt: 'customers with at least 3 paid orders',
    columns: 'customer_id',
    sql: `select customer_id from customers c where (select count(*) from orders o where o.customer_id = c.customer_id and status = 'P') >= 3`,
  },
  {
    prompt: 'customers with fewer than 2 orders',
    columns: 'customer_id',
    sql: 'select customer_id from customers c where (select count(*) from orders o where o.customer_id = c.customer_id) < 2',
  },
  {
    prompt: 'customers without paid orders since 2024',
    columns: 'customer_id',
    sql: `select customer_id from customers except select customer_id from orders where status = 'P' and ordered_at >= '2024-01-01 00:00:00+00'`,
  },
  {
    prompt: 'orders without refunds',
    columns: 'order_id',
    sql: 'select order_id from orders except select p.order_id from refunds join payments p using (payment_id)',
  },
  {
    prompt: 'orders without a customer',
    columns: 'order_id',
    sql: 'select order_id from orders where customer_id is null',
  },
  {
    prompt: 'number of orders and total order amount per customer including customers without orders',
    sql: `select customer_id, (select count(*) from orders o where o.customer_id = c.customer_id),
          (select sum(total_amount) from orders o where o.customer_id = c.customer_id) from customers c`,
  },
  {
    prompt: 'number of paid orders and number of cancelled orders per customer',
    sql: `select customer_id, sum((status = 'P')::int), sum((status = 'X')::int) from orders where customer_id is not null group by 1`,
  },
  {
    prompt: 'number of orders and total amount of paid orders per customer',
    sql: `select customer_id, count(*), sum(case when status = 'P' then total_amount end) from orders where customer_id is not null group by 1`,
  },
  {
    prompt: 'total line amount per product category',
    sql: 'select p.category, sum(i.line_amount) from order_items i, products p where i.product_id = p.product_id group by 1',
  },
  {
    prompt: 'number of orders per product category',
    sql: 'select category, count(*) from (select distinct category, order_id from order_items join products using (product_id)) pairs group by 1',
  },
  {
    prompt: 'number of products per order',
    sql: 'select order_id, count(*) from (select distinct order_id, product_id from order_items) pairs group by 1',
  },
  {
    prompt: 'total of quantity times unit_price per order into order_values',
    sql: 'select order_id, sum(unit_price * quantity) from order_items group by order_id',
  },
  {
    prompt: 'sum of refunds amount per payment method',
    sql: 'select method, sum(r.amount) from payments p join refunds r using (payment_id) group by 1',
  },
  {
    prompt: 'total order amount per customer and email',
    sql: 'select customer_id, email, sum(total_amount) from customers join orders using (customer_id) group by 1, 2',
  },
  {
    prompt: 'number of orders per customer with more than 5 orders',
    sql: 'select customer_id, count(*) from orders where customer_id is not null group by 1 having count(*) > 5',
  },
  {
    prompt: 'total order amount per customer without cancelled orders',
    answers: [{ question: 'said without cancelled orders', answer: 'groups' }],
    sql: `select customer_id, sum(total_amount) from orders where customer_id in (select customer_id from customers)
          and customer_id not in (select customer_id from orders where status = 'X' and customer_id is not null) group by 1`,
  },
  {
    prompt: 'top 10 customers by total order amount into top_customers',
    sql: 'select customer_id, sum(total_amount) from orders where customer_id is not null group by 1 order by 2 desc, 1 limit 10',
  },
  {
    prompt: 'top 3 products per category by price',
    columns: 'product_id, category',
    sql: `select product_id, category from products p where (select count(*) from products q
          where q.category = p.category and (q.price > p.price or q.price = p.price and q.product_id < p.product_id)) < 3`,
  },
  {
    prompt: 'top 5 customers per country code by number of orders',
    sql: `select country_code, customer_id, n from (select c.country_code, c.customer_id, count(*) n,
          row_number() over (partition by c.country_code order by count(*) desc, c.customer_id) r
          from customers c join orders o on o.customer_id = c.customer_id group by 1, 2) ranked where r <= 5`,
  },
  {
    prompt: 'latest order per customer',
    columns: 'customer_id, order_id',
    sql: 'select distinct on (customer_id) customer_id, order_id from orders where customer_id is not null order by customer_id, ordered_at desc, order_id desc',
  },
  {
    prompt: 'most recent payment per order by paid_at',
    columns: 'order_id, payment_id',
    sql: 'select distinct on (order_id) order_id, payment_id from payments order by order_id, paid_at desc nulls last, payment_id desc',
  },
  {
    prompt: 'deduplicate customers by email keeping the latest created_at',
    answers: [{ question: 'missing customers.email', answer: 'left out' }],
    columns: 'customer_id',
    sql: 'select distinct on (email) customer_id from customers where email is not null order by email, created_at desc, customer_id desc',
  },
  { prompt: 'distinct currency and channel of orders', sql: 'select currency, channel from orders group by 1, 2' },
  {
    prompt: 'pivot number of orders by status per customer',
    sql: `select customer_id, count(*) filter (where status = 'N'), count(*) filter (where status = 'P'), count(*) filter (where status = 'S'),
          count(*) filter (where status = 'D'), count(*) filter (where status = 'X'), count(*) filter (where status = 'R')
          from orders where customer_id is not null group by 1`,
  },
  {
    prompt: 'running total of total_amount per customer ordered by ordered_at of orders',
    columns: 'order_id, running_total_amount',
    where: 'customer_id < 200',
    sql: `select o.order_id, (select sum(e.total_amount) from orders e where e.customer_id is not distinct from o.customer_id
          and (e.ordered_at, e.order_id) <= (o.ordered_at, o.order_id)) from orders o where o.customer_id < 200`,
  },
  {
    prompt: 'total line amount per product category with share of total',
    sql: `select category, sum(line_amount), round(100.0 * sum(line_amount) / (select sum(line_amount) from order_items), 2)
          from order_items join products using (product_id) group by 1`,
  },
  {
    prompt: 'left join customers with orders where status is paid',
    answers: [{ question: 'left customers', answer: 'keep' }],
    columns: 'customer_id, order_id',
    sql: `select c.customer_id, o.order_id from customers c left join orders o on o.customer_id = c.customer_id and o.status = 'P'`,
  },
  {
    prompt: "add size as 'large' if total_amount > 500, 'medium' if total_amount > 100, otherwise 'small' to orders",
    columns: 'order_id, size',
    sql: `select order_id, case when total_amount > 500 then 'large' when total_amount > 100 then 'medium' else 'small' end from orders`,
  },
  {
    prompt: 'replace missing discount_percent with 0 in order_items',
    columns: 'order_id, line_no, discount_percent',
    sql: 'select order_id, line_no, case when discount_percent is null then 0 else discount_percent end from order_items',
  },
];
