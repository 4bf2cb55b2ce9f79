/** Over the sample shop (samples/shop). */
import { misreading, type Misreading } from './misreading.ts';
import { dedupe, derive, distinct, group, join, only, plan, select, top, where } from './plan.ts';

const month = (column: string): string => `date_trunc('month', ${column} at time zone 'UTC')::date`;
const day = (column: string): string => `(${column} at time zone 'UTC')::date`;

const dates: readonly Misreading[] = [
  misreading('other date', 'total order amount per month in which it was shipped', {
    plan: plan('orders', where('shipped_at is not null'), derive({ month: month('shipped_at') }), group(['month'], { total: 'sum(total_amount)' })), // prettier-ignore
    instead: [[month('shipped_at'), month('ordered_at')]],
    words: 'One row for each month by shipped_at; the sum of total_amount of the orders that were shipped.',
    reading: `select ${month('shipped_at')} as month, sum(total_amount) from orders where shipped_at is not null group by 1`,
    tests: {
      'a month has an order that was shipped in it': `select month from target except select ${month('shipped_at')} from orders`,
      'the sum of each month is that of its orders': `select t.month from target t where t.total is distinct from (select sum(o.total_amount) from orders o where ${month('o.shipped_at')} = t.month)`,
    },
  }),
  misreading('other date', 'order_id and status of the orders that were shipped in March 2025', {
    plan: plan('orders', where(`shipped_at >= '2025-03-01 00:00:00+00' and shipped_at < '2025-04-01 00:00:00+00'`), only('order_id', 'status')), // prettier-ignore
    instead: [['shipped_at', 'ordered_at']],
    words: 'Orders whose shipped_at lies in March 2025, in UTC.',
    reading: `select order_id, status from orders where ${month('shipped_at')} = '2025-03-01'`,
    tests: {
      'every order was shipped in March 2025': `select t.order_id from target t join orders o using (order_id) where to_char(o.shipped_at at time zone 'UTC', 'YYYY-MM') is distinct from '2025-03'`,
    },
  }),
  misreading('other date', 'number of events per day on which we received them, in January 2025', {
    plan: plan('events', derive({ day: day('received_at') }), where(`day between '2025-01-01' and '2025-01-31'`), group(['day'], { events: 'count(*)' })), // prettier-ignore
    instead: [['received_at', 'occurred_at']],
    words: 'received_at is our own clock; one row for each day of January 2025 that has events.',
    reading: `select ${day('received_at')}, count(*) from events where received_at >= '2025-01-01 00:00+00' and received_at < '2025-02-01 00:00+00' group by 1`,
    tests: {
      'each day counts what was received on it': `select t.day from target t where t.events <> (select count(*) from events e where ${day('e.received_at')} = t.day)`,
    },
  }),
  misreading(
    'other date',
    'money that arrived per month in 2025, captured payments only, with the amount of each month',
    {
      plan: plan('payments', where(`status = 'captured'`), join('orders', { on: ['order_id'], columns: { amount: 'l.amount', paid_at: 'l.paid_at', ordered_at: 'r.ordered_at' } }), derive({ month: month('paid_at') }), where(`month >= '2025-01-01' and month < '2026-01-01'`), group(['month'], { amount: 'sum(amount)' })), // prettier-ignore
      instead: [["date_trunc('month', paid_at", "date_trunc('month', ordered_at"]],
      words: 'Captured payments by the month of paid_at; the sum of their amounts in any currency.',
      reading: `select ${month('paid_at')}, sum(amount) from payments where status = 'captured' and extract(year from paid_at) = 2025 group by 1`,
      tests: {
        'no month has more than was paid in it': `select t.month from target t where t.amount > (select sum(amount) from payments p where p.status = 'captured' and ${month('p.paid_at')} = t.month)`,
      },
    },
  ),
  misreading(
    'other date',
    'customers who opened their account in 2024, with customer_id and the date of their first order',
    {
      plan: plan('customers', where(`created_at >= '2024-01-01 00:00:00+00' and created_at < '2025-01-01 00:00:00+00'`), join(plan('orders', where('customer_id is not null'), group(['customer_id'], { first_order: `min(${day('ordered_at')})` })), { how: 'left', on: ['customer_id'], columns: { customer_id: 'l.customer_id', first_order: 'r.first_order' } })), // prettier-ignore
      instead: [['min((ordered_at', 'min((shipped_at']],
      words: 'Customers created in 2024; the earliest ordered_at of each, NULL for those who never ordered.',
      reading: `select c.customer_id, min(${day('o.ordered_at')}) from customers c left join orders o on o.customer_id = c.customer_id where extract(year from c.created_at) = 2024 group by 1`,
      tests: {
        'no order is older than the first': `select t.customer_id from target t join orders o using (customer_id) where ${day('o.ordered_at')} < t.first_order`,
        'no customer of 2024 is lost': `select customer_id from customers where extract(year from created_at) = 2024 except select customer_id from target`,
      },
    },
  ),
];

const measures: readonly Misreading[] = [
  misreading('other measure', 'shipping fees per channel', {
    plan: plan('orders', group(['channel'], { fees: 'sum(shipping_fee)' })),
    instead: [['sum(shipping_fee)', 'sum(total_amount)']],
    words: 'The sum of shipping_fee of all orders, per channel.',
    reading: 'select channel, sum(shipping_fee) from orders group by channel',
    tests: {
      'fees add up': 'select 1 from (select sum(fees) as s from target) t where s is distinct from (select sum(shipping_fee) from orders)', // prettier-ignore
    },
  }),
  misreading('other measure', 'discounts given per coupon code', {
    plan: plan(
      'orders',
      where('coupon_code is not null'),
      group(['coupon_code'], { discount: 'sum(discount_amount)' }),
    ),
    instead: [['sum(discount_amount)', 'sum(total_amount - discount_amount)']],
    words: 'The sum of discount_amount of the orders that have the code.',
    reading: 'select coupon_code, sum(discount_amount) from orders where coupon_code is not null group by 1',
    tests: {
      'each code has what was given on it': 'select coupon_code from target t where discount is distinct from (select sum(o.discount_amount) from orders o where o.coupon_code = t.coupon_code)', // prettier-ignore
    },
  }),
  misreading('other measure', 'value of the goods sold per product category, at the price when they were ordered', {
    plan: plan('order_items', join('products', { on: ['product_id'], columns: { category: 'r.category', quantity: 'l.quantity', unit_price: 'l.unit_price', price: 'r.price' } }), group(['category'], { value: 'sum(quantity * unit_price)' })), // prettier-ignore
    instead: [['quantity * unit_price', 'quantity * price']],
    words: 'quantity times unit_price of each line, before discounts; products.price is the price of today.',
    reading: 'select p.category, sum(i.quantity * i.unit_price) from order_items i join products p using (product_id) group by 1', // prettier-ignore
    tests: {
      'nothing is lost or doubled': 'select 1 from (select sum(value) s from target) t where s is distinct from (select sum(quantity * unit_price) from order_items)', // prettier-ignore
    },
  }),
  misreading('other measure', 'average number of lines per order and month of the order date', {
    plan: plan('orders', join(plan('order_items', group(['order_id'], { lines: 'count(*)', pieces: 'sum(quantity)' })), { on: ['order_id'], columns: { ordered_at: 'l.ordered_at', lines: 'r.lines', pieces: 'r.pieces' } }), derive({ month: month('ordered_at') }), group(['month'], { lines: 'round(avg(lines), 4)' })), // prettier-ignore
    instead: [['avg(lines)', 'avg(pieces)']],
    words: 'Lines of an order, not pieces; orders without a line are left out; to four digits.',
    reading: `select ${month('ordered_at')}, round(count(*)::numeric / count(distinct order_id), 4) from orders join order_items using (order_id) group by 1`,
    tests: {
      'nobody orders more than four lines on average': 'select month from target where lines > (select max(n) from (select count(*) n from order_items group by order_id) x)', // prettier-ignore
    },
  }),
  misreading('other measure', 'amount given back per reason code', {
    plan: plan('refunds', join('payments', { on: ['payment_id'], columns: { reason_code: 'l.reason_code', amount: 'l.amount', paid: 'r.amount' } }), group(['reason_code'], { amount: 'sum(amount)' })), // prettier-ignore
    instead: [['sum(amount)', 'sum(paid)']],
    words: 'The sum of refunds.amount per reason; those without a reason are a group of their own.',
    reading: 'select reason_code, sum(amount) from refunds group by reason_code',
    tests: {
      'it adds up to what was given back': 'select 1 from (select sum(amount) s from target) t where s is distinct from (select sum(amount) from refunds)', // prettier-ignore
    },
  }),
  misreading('other measure', 'number of orders per customer segment', {
    plan: plan('orders', join('customers', { on: ['customer_id'], columns: { segment: 'r.segment', order_id: 'l.order_id', customer_id: 'l.customer_id' } }), group(['segment'], { orders: 'count(order_id)' })), // prettier-ignore
    instead: [['count(order_id)', 'count(distinct customer_id)']],
    words: 'Orders of customers, guests left out, counted per segment.',
    reading: 'select segment, count(*) from customers join orders using (customer_id) group by segment',
    tests: {
      'all orders of customers are counted': 'select 1 from (select sum(orders) n from target) t where n is distinct from (select count(*) from orders where customer_id is not null)', // prettier-ignore
    },
  }),
];

const exclusions: readonly Misreading[] = [
  misreading('missed exclusion', 'revenue per channel, without test orders and cancelled orders', {
    plan: plan('orders', where(`not is_test and status <> 'X'`), group(['channel'], { revenue: 'sum(total_amount)' })),
    instead: [["not is_test and status <> 'X'", "status <> 'X'"]],
    words: 'total_amount of orders that are neither tests nor cancelled.',
    reading: `select channel, sum(total_amount) from orders where is_test = false and status not in ('X') group by channel`,
    tests: {
      'tests and cancelled orders are left out': `select 1 from (select sum(revenue) s from target) t where s is distinct from (select sum(total_amount) from orders where not is_test and status <> 'X')`,
    },
  }),
  misreading('missed exclusion', 'number of payments per method, failed attempts do not count', {
    plan: plan('payments', where(`status <> 'failed'`), group(['method'], { payments: 'count(*)' })),
    instead: [["status <> 'failed'", 'true']],
    words: 'Payments of any state but failed; methods as they are spelt.',
    reading: `select method, count(*) from payments where status in ('captured', 'pending') group by 1`,
    tests: {
      'no failed attempt is counted': `select 1 from (select sum(payments) s from target) t where s > (select count(*) from payments where status <> 'failed')`,
    },
  }),
  misreading('missed exclusion', 'sku and price of the products that are still sold', {
    plan: plan('products', where('discontinued_on is null'), only('sku', 'price')),
    instead: [['discontinued_on is null', 'true']],
    words: 'Products that were not discontinued.',
    reading: 'select sku, price from products where discontinued_on is null',
    tests: {
      'no product is discontinued': 'select sku from target join products p using (sku) where p.discontinued_on is not null', // prettier-ignore
    },
  }),
  misreading('missed exclusion', 'current shipping address of each customer: customer_id, street and city', {
    plan: plan('addresses', where(`kind = 'S' and valid_to is null`), only('customer_id', 'street', 'city')),
    instead: [["kind = 'S' and valid_to is null", "kind = 'S'"]],
    words: 'Addresses of kind S without an end.',
    reading: `select customer_id, street, city from addresses where valid_to is null and kind = 'S'`,
    tests: {
      'a customer has one': 'select customer_id from target group by customer_id having count(*) > 1',
    },
  }),
  misreading(
    'missed exclusion',
    'number of logins per device day: events of kind login in any spelling, those that were sent twice once',
    {
      plan: plan('events', where(`lower(kind) = 'login'`), derive({ day: day('occurred_at') }), only('session_id', 'occurred_at', 'day'), distinct(), group(['day'], { logins: 'count(*)' })), // prettier-ignore
      instead: [["lower(kind) = 'login'", "kind = 'login'"]],
      words: 'Logins in any spelling; an event of the same session and moment is the same event.',
      reading: `select ${day('occurred_at')}, count(distinct (session_id, occurred_at)) from events where kind in ('login', 'Login') group by 1`,
      tests: {
        'no day with a login is lost': `select ${day('occurred_at')} from events where lower(kind) = 'login' except select day from target`,
      },
    },
  ),
  misreading('missed exclusion', 'order amount per customer, guests left out and orders in EUR only', {
    plan: plan('orders', where(`customer_id is not null and currency = 'EUR'`), group(['customer_id'], { amount: 'sum(total_amount)' })), // prettier-ignore
    instead: [["customer_id is not null and currency = 'EUR'", 'customer_id is not null']],
    words: 'Orders in EUR of customers.',
    reading: `select customer_id, sum(total_amount) from orders where currency = 'EUR' and customer_id > 0 group by 1`,
    tests: {
      'a customer has an order in EUR': `select customer_id from target except select customer_id from orders where currency = 'EUR'`,
    },
  }),
];

const grains: readonly Misreading[] = [
  misreading('other grain', 'order amount per customer and year', {
    plan: plan('orders', where('customer_id is not null'), derive({ year: `extract(year from ordered_at at time zone 'UTC')::integer` }), group(['customer_id', 'year'], { amount: 'sum(total_amount)' })), // prettier-ignore
    instead: [["extract(year from ordered_at at time zone 'UTC')::integer", '2025 + 0 * length(order_number)']],
    words: 'One row for each customer and year of the order date.',
    reading: `select customer_id, date_part('year', ordered_at)::integer, sum(total_amount) from orders where customer_id is not null group by 1, 2`,
    tests: {
      'both years are there': `select y from (values (2024), (2025)) v (y) except select year from target`,
    },
  }),
  misreading('other grain', 'number of orders per week, weeks begin on Monday', {
    plan: plan('orders', derive({ week: `date_trunc('week', ordered_at at time zone 'UTC')::date` }), group(['week'], { orders: 'count(*)' })), // prettier-ignore
    instead: [["date_trunc('week'", "date_trunc('month'"]],
    words: 'Weeks from Monday to Sunday by the order date.',
    reading: `select (ordered_at::date - (extract(isodow from ordered_at)::integer - 1)), count(*) from orders group by 1`,
    tests: { 'a week begins on Monday': 'select week from target where extract(isodow from week) <> 1' },
  }),
  misreading('other grain', 'average amount of an order per country of the customer', {
    plan: plan('orders', join('customers', { on: ['customer_id'], columns: { country_code: 'r.country_code', customer_id: 'l.customer_id', total_amount: 'l.total_amount' } }), group(['country_code'], { average: 'round(avg(total_amount), 2)' })), // prettier-ignore
    instead: [['avg(total_amount)', 'sum(total_amount) / count(distinct customer_id)']],
    words: 'The mean of total_amount over orders, not over customers, to two digits.',
    reading: 'select country_code, round(sum(total_amount) / count(*), 2) from orders join customers using (customer_id) group by 1', // prettier-ignore
    tests: {
      'no average is above the largest order': 'select country_code from target where average > (select max(total_amount) from orders)', // prettier-ignore
    },
  }),
  misreading('other grain', 'number of different products per order', {
    plan: plan('order_items', group(['order_id'], { products: 'count(distinct product_id)' })),
    instead: [['"by":[{"name":"order_id"}]', '"by":[{"name":"order_id","expr":"order_id / 10 * 10"}]']],
    words: 'One row for each order that has a line.',
    reading:
      'select order_id, count(*) from (select distinct order_id, product_id from order_items) x group by order_id',
    tests: { 'no order is lost': 'select order_id from order_items except select order_id from target' },
  }),
  misreading('other grain', 'number of sessions per day', {
    plan: plan('events', derive({ day: day('occurred_at') }), group(['day'], { sessions: 'count(distinct session_id)' })), // prettier-ignore
    instead: [['count(distinct session_id)', 'count(event_id)']],
    words: 'Different session_id per day of occurred_at.',
    reading: `select day, count(*) from (select distinct ${day('occurred_at')} as day, session_id from events) x group by day`,
    tests: {
      'no day has more sessions than there are': 'select day from target where sessions > (select count(distinct session_id) from events where occurred_at::date = target.day)', // prettier-ignore
    },
  }),
];

const units: readonly Misreading[] = [
  misreading('other unit', 'total weight in kilograms of what was sold per category', {
    plan: plan('order_items', join('products', { on: ['product_id'], columns: { category: 'r.category', quantity: 'l.quantity', weight_grams: 'r.weight_grams' } }), group(['category'], { kilograms: 'sum(quantity * weight_grams) / 1000.0' })), // prettier-ignore
    instead: [[' / 1000.0', ' * 1.0']],
    words: 'quantity times weight_grams, in kilograms; products without a weight do not count.',
    reading: 'select category, sum(quantity * (weight_grams / 1000.0)) from products join order_items using (product_id) group by 1', // prettier-ignore
    tests: {
      'it is in kilograms': 'select 1 from (select sum(kilograms) k from target) t where k * 1000 > (select sum(quantity * weight_grams) from order_items join products using (product_id)) + 1', // prettier-ignore
    },
  }),
  misreading('other unit', 'average hours from order to shipping per channel, to two digits', {
    plan: plan('orders', where('shipped_at is not null'), group(['channel'], { hours: 'round(avg(extract(epoch from shipped_at - ordered_at)) / 3600, 2)' })), // prettier-ignore
    instead: [['/ 3600', '/ 86400']],
    words: 'Hours between ordered_at and shipped_at of the orders that were shipped.',
    reading: 'select channel, round(avg(extract(epoch from shipped_at) - extract(epoch from ordered_at)) / 3600, 2) from orders where shipped_at is not null group by 1', // prettier-ignore
    tests: {
      'it is hours': `select channel from target where hours < (select min(extract(epoch from shipped_at - ordered_at)) / 3600 + 12 from orders where shipped_at > ordered_at)`,
    },
  }),
  misreading('other unit', 'share of cancelled orders per channel, in percent with one digit', {
    plan: plan('orders', group(['channel'], { percent: `round(100.0 * count(*) filter (where status = 'X') / count(*), 1)` })), // prettier-ignore
    instead: [['100.0 *', '1.0 *']],
    words: 'Orders of status X in a hundred orders of the channel.',
    reading: `select channel, round(avg(case when status = 'X' then 100 else 0 end), 1) from orders group by channel`,
    tests: { 'it is percent': `select channel from target where percent < 1 and exists (select 1 from orders o where o.channel = target.channel and status = 'X' having count(*) > 100)` }, // prettier-ignore
  }),
  misreading(
    'other unit',
    'amount in EUR of the orders in USD per month, by the rate of the day of the order or the last one before',
    {
      plan: plan('orders', where(`currency = 'USD'`), derive({ day: day('ordered_at') }), join(plan('exchange_rates', where(`from_currency = 'USD' and to_currency = 'EUR'`)), { how: 'asof', on: [['currency', 'from_currency']], asof: { left: 'day', right: 'rate_date' }, columns: { day: 'l.day', amount: 'l.total_amount', rate: 'r.rate' } }), derive({ month: `date_trunc('month', day::timestamp)::date` }), group(['month'], { eur: 'sum(round(amount * rate, 2))' })), // prettier-ignore
      instead: [['amount * rate', 'amount / rate']],
      words:
        'Each order times the rate from USD to EUR of its day, or of the last banking day before; rounded to cents, added up by month.',
      reading: `select ${month('ordered_at')}, sum(round(total_amount * (select rate from exchange_rates where from_currency = 'USD' and to_currency = 'EUR' and rate_date <= o.ordered_at::date order by rate_date desc limit 1), 2)) from orders o where currency = 'USD' group by 1`,
      tests: {
        'a dollar is less than a euro': `select month from target t where eur >= (select sum(total_amount) from orders where currency = 'USD' and ${month('ordered_at')} = t.month)`,
      },
    },
  ),
  misreading('other unit', 'age of a customer account in full days at the end of 2025, with customer_id', {
    plan: plan('customers', select({ customer_id: 'customer_id', days: `date '2025-12-31' - ${day('created_at')}` })),
    instead: [["date '2025-12-31' - (created_at at time zone 'UTC')::date", "(date '2025-12-31' - (created_at at time zone 'UTC')::date) / 30"]], // prettier-ignore
    words: 'Days from the date of created_at to 2025-12-31.',
    reading: `select customer_id, extract(day from timestamp '2025-12-31' - created_at::date)::integer from customers`,
    tests: { 'it is days': `select customer_id from target join customers using (customer_id) where created_at::date + days <> '2025-12-31'` }, // prettier-ignore
  }),
];

const joins: readonly Misreading[] = [
  misreading('other join', 'number of orders per customer, also of those who never ordered', {
    plan: plan('customers', join('orders', { how: 'left', on: ['customer_id'], columns: { customer_id: 'l.customer_id', order_id: 'r.order_id' } }), group(['customer_id'], { orders: 'count(order_id)' })), // prettier-ignore
    instead: [['"how":"left"', '"how":"inner"']],
    words: 'Each customer has a row, with zero where there is no order.',
    reading: 'select customer_id, (select count(*) from orders o where o.customer_id = c.customer_id) from customers c',
    tests: { 'no customer is lost': 'select customer_id from customers except select customer_id from target' },
  }),
  misreading('other join', 'order amount per brand of the products in it: the line amounts', {
    plan: plan('order_items', join('orders', { on: ['order_id'], columns: { product_id: 'l.product_id', line_amount: 'l.line_amount', total_amount: 'r.total_amount' } }), join('products', { on: ['product_id'], columns: { brand: 'r.brand', line_amount: 'l.line_amount', total_amount: 'l.total_amount' } }), group(['brand'], { amount: 'sum(line_amount)' })), // prettier-ignore
    instead: [['sum(line_amount)', 'sum(total_amount)']],
    words:
      'Line amounts per brand, products without a brand as one group; an order counts by its lines, not whole for each of them.',
    reading: 'select brand, sum(line_amount) from order_items join products using (product_id) group by brand',
    tests: {
      'nothing is counted twice': 'select 1 from (select sum(amount) s from target) t where s is distinct from (select sum(line_amount) from order_items)', // prettier-ignore
    },
  }),
  misreading('other join', 'orders that have a failed payment and no captured one: order_id', {
    plan: plan('payments', where(`status = 'failed'`), only('order_id'), distinct(), join(plan('payments', select({ order_id: 'order_id', state: 'status' }), where(`state = 'captured'`), only('order_id')), { how: 'anti', on: ['order_id'] })), // prettier-ignore
    instead: [['"how":"anti"', '"how":"semi"']],
    words: 'Orders with a failed attempt that was never followed by a captured payment.',
    reading: `select order_id from payments group by order_id having bool_or(status = 'failed') and not bool_or(status = 'captured')`,
    tests: {
      'none was paid': `select order_id from target join payments p using (order_id) where p.status = 'captured'`,
    },
  }),
  misreading(
    'other join',
    'customers whom somebody referred, with the country of whoever did: customer_id and country_code',
    {
      plan: plan('customers', join('customers', { on: [['referred_by', 'customer_id']], columns: { customer_id: 'l.customer_id', country_code: 'r.country_code' } })), // prettier-ignore
      instead: [['"expr":"r.country_code"', '"expr":"l.country_code"']],
      words: 'The country is that of the customer who recommended them.',
      reading: 'select c.customer_id, (select r.country_code from customers r where r.customer_id = c.referred_by) from customers c where referred_by is not null', // prettier-ignore
      tests: {
        'the country is that of the referrer': 'select t.customer_id from target t join customers c using (customer_id) join customers r on r.customer_id = c.referred_by where r.country_code <> t.country_code', // prettier-ignore
      },
    },
  ),
];

const others: readonly Misreading[] = [
  misreading('wrong table', 'city of the billing address that each order of 2025-01-01 belongs to: order_id and city', {
    plan: plan('orders', where(`(ordered_at at time zone 'UTC')::date = '2025-01-01' and customer_id is not null`), join(plan('addresses', where(`kind = 'B'`)), { on: ['customer_id'], columns: { order_id: 'l.order_id', city: 'r.city' } })), // prettier-ignore
    instead: [["kind = 'B'", "kind = 'S' and valid_to is null"]],
    words: 'The billing address of the customer, kind B.',
    reading: `select order_id, city from orders join addresses a using (customer_id) where a.kind = 'B' and ordered_at >= '2025-01-01 00:00+00' and ordered_at < '2025-01-02 00:00+00'`,
    tests: {
      'no order of a customer is lost': `select order_id from orders where ordered_at::date = '2025-01-01' and customer_id is not null except select order_id from target`,
    },
  }),
  misreading('wrong table', 'amount given back per payment: payment_id and amount', {
    plan: plan('payments', join(plan('refunds', group(['payment_id'], { back: 'sum(amount)' })), { on: ['payment_id'], columns: { payment_id: 'l.payment_id', amount: 'r.back' } })), // prettier-ignore
    instead: [['"expr":"r.back"', '"expr":"l.amount"']],
    words: 'The sum of the refunds of each payment that has one.',
    reading: 'select payment_id, sum(amount) from refunds group by payment_id',
    tests: {
      'it is what was refunded': 'select 1 from (select sum(amount) s from target) t where s is distinct from (select sum(amount) from refunds)', // prettier-ignore
    },
  }),
  misreading(
    'NULL treated otherwise',
    'number of customers by whether they agreed to marketing: yes, no, or never asked',
    {
      plan: plan('customers', derive({ consent: `case when marketing_consent then 'yes' when not marketing_consent then 'no' else 'never asked' end` }), group(['consent'], { customers: 'count(*)' })), // prettier-ignore
      instead: [["when not marketing_consent then 'no' else 'never asked' end", "else 'no' end"]],
      words: 'NULL is never asked.',
      reading: `select coalesce(case marketing_consent when true then 'yes' when false then 'no' end, 'never asked'), count(*) from customers group by 1`,
      tests: {
        'those who were never asked are told apart': `select 1 from (select coalesce(sum(customers) filter (where consent = 'never asked'), 0) n from target) t where n <> (select count(*) from customers where marketing_consent is null)`,
      },
    },
  ),
  misreading(
    'NULL treated otherwise',
    'average discount percent of a line per category, a line without discount counts as 0',
    {
      plan: plan('order_items', join('products', { on: ['product_id'], columns: { category: 'r.category', discount_percent: 'l.discount_percent' } }), group(['category'], { percent: 'round(avg(coalesce(discount_percent, 0)), 3)' })), // prettier-ignore
      instead: [['avg(coalesce(discount_percent, 0))', 'avg(discount_percent)']],
      words: 'NULL means no discount and counts as 0.',
      reading: 'select category, round(sum(discount_percent) / count(*), 3) from order_items join products using (product_id) group by category', // prettier-ignore
      tests: {
        'lines without a discount count': 'select category from target where percent > (select avg(coalesce(discount_percent, 0)) + 5 from order_items)', // prettier-ignore
      },
    },
  ),
  misreading('NULL treated otherwise', 'number of orders per coupon code, orders without one as none', {
    plan: plan('orders', derive({ code: `coalesce(coupon_code, 'none')` }), group(['code'], { orders: 'count(*)' })),
    instead: [['count(*)', 'count(coupon_code)']],
    words: 'Orders without a code are a group of their own.',
    reading: `select case when coupon_code is null then 'none' else coupon_code end, count(*) from orders group by 1`,
    tests: { 'all orders are counted': 'select 1 from (select sum(orders) n from target) t where n is distinct from (select count(*) from orders)' }, // prettier-ignore
  }),
  misreading('other bound', 'orders between 2025-01-01 and 2025-01-31, both days included: order_id', {
    plan: plan('orders', where(`(ordered_at at time zone 'UTC')::date between '2025-01-01' and '2025-01-31'`), only('order_id')), // prettier-ignore
    instead: [["(ordered_at at time zone 'UTC')::date between '2025-01-01' and '2025-01-31'", "ordered_at between '2025-01-01 00:00:00+00' and '2025-01-31 00:00:00+00'"]], // prettier-ignore
    words: 'The last of January belongs to it, to its end.',
    reading: `select order_id from orders where ordered_at >= '2025-01-01 00:00+00' and ordered_at < '2025-02-01 00:00+00'`,
    tests: {
      'the last day is there': `select order_id from orders where ordered_at::date = '2025-01-31' except select order_id from target`,
    },
  }),
  misreading('other bound', 'number of lines per order with a quantity of more than 3', {
    plan: plan('order_items', where('quantity > 3'), group(['order_id'], { lines: 'count(*)' })),
    instead: [['quantity > 3', 'quantity >= 3']],
    words: 'Lines of four pieces or more.',
    reading: 'select order_id, count(*) from order_items where quantity >= 4 group by order_id',
    tests: { 'an order has such a line': 'select order_id from target except select order_id from order_items where quantity > 3' }, // prettier-ignore
  }),
  misreading('other bound', 'customers with more than 3 orders: customer_id and the number of orders', {
    plan: plan('orders', where('customer_id is not null'), group(['customer_id'], { orders: 'count(*)' }), where('orders > 3')), // prettier-ignore
    instead: [['orders > 3', 'orders >= 3']],
    words: 'Four orders or more.',
    reading: 'select customer_id, count(*) from orders where customer_id is not null group by 1 having count(*) >= 4',
    tests: { 'nobody has three': 'select customer_id from target where orders <= 3' },
  }),
  misreading('other bound', 'orders in the last 30 days: order_id', {
    plan: plan('orders', where(`ordered_at >= now() - interval '30 days'`), only('order_id')),
    instead: [["interval '30 days'", "interval '1 month'"]],
    words: 'Thirty times 24 hours back from the moment of the run.',
    reading: `select order_id from orders where now() - ordered_at <= interval '30 days'`,
    tests: { 'none is older': `select order_id from target join orders o using (order_id) where o.ordered_at < now() - interval '30 days'` }, // prettier-ignore
  }),
  misreading('distinct', 'number of customers per channel', {
    plan: plan('orders', where('customer_id is not null'), group(['channel'], { customers: 'count(distinct customer_id)' })), // prettier-ignore
    instead: [['count(distinct customer_id)', 'count(customer_id)']],
    words: 'Different customers who ordered on the channel.',
    reading: 'select channel, count(*) from (select distinct channel, customer_id from orders where customer_id is not null) x group by 1', // prettier-ignore
    tests: { 'no channel has more customers than there are': 'select channel from target where customers > (select count(distinct customer_id) from orders o where o.channel = target.channel)' }, // prettier-ignore
  }),
  misreading('distinct', 'categories that were sold in 2024, each once: category', {
    plan: plan('order_items', join(plan('orders', where(`extract(year from ordered_at at time zone 'UTC') = 2024`)), { on: ['order_id'], columns: { product_id: 'l.product_id' } }), join('products', { on: ['product_id'], columns: { category: 'r.category' } }), distinct()), // prettier-ignore
    instead: [['"kind":"distinct"', '"kind":"filter","where":"true"']],
    words: 'Each category once.',
    reading: `select p.category from products p where exists (select 1 from order_items i join orders o using (order_id) where i.product_id = p.product_id and extract(year from o.ordered_at) = 2024) group by 1`,
    tests: { 'each is there once': 'select category from target group by category having count(*) > 1' },
  }),
  misreading('other row kept', 'latest order of each customer: customer_id and order_id', {
    plan: plan('orders', where('customer_id is not null'), dedupe(['customer_id'], ['ordered_at', 'order_id'], 'last'), only('customer_id', 'order_id')), // prettier-ignore
    instead: [['"keep":"last"', '"keep":"first"']],
    words: 'The order with the latest ordered_at of each customer.',
    reading: 'select distinct on (customer_id) customer_id, order_id from orders where customer_id is not null order by customer_id, ordered_at desc, order_id desc', // prettier-ignore
    tests: {
      'no order of the customer is later': 'select t.customer_id from target t join orders o using (order_id) join orders later on later.customer_id = t.customer_id and later.ordered_at > o.ordered_at', // prettier-ignore
    },
  }),
  misreading('other row kept', 'the 10 customers who spent most: customer_id and spent', {
    plan: plan('orders', where('customer_id is not null'), group(['customer_id'], { spent: 'sum(total_amount)' }), top(10, 'spent', 'desc', 'customer_id')), // prettier-ignore
    instead: [['"count":10', '"count":11']],
    words: 'By the sum of total_amount in any currency; of equals the smaller id.',
    reading: 'select customer_id, sum(total_amount) from orders where customer_id is not null group by 1 order by 2 desc, 1 limit 10', // prettier-ignore
    tests: { 'there are ten': 'select 1 from (select count(*) n from target) t where n <> 10' },
  }),
];

export const shop: readonly Misreading[] = [
  ...dates,
  ...measures,
  ...exclusions,
  ...grains,
  ...units,
  ...joins,
  ...others,
];
