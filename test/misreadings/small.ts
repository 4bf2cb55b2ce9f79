/** Over the database of the golden specs (test/golden/shop.ts) and the personnel of the planner's corpus, which has no foreign key. */
import { misreading, type Misreading } from './misreading.ts';
import { dedupe, derive, distinct, group, join, only, plan, select, top, where } from './plan.ts';

/** Rows for test/core/planner/schemas/hr.ts: some left, some have no department, or one that is not there. */
export const personnelSql = `
create table department (department_id integer primary key, department_name text not null, location text);
create table employee (employee_id integer primary key, first_name text not null, last_name text not null, department_id integer,
  job_title text not null, salary numeric(10,2) not null, bonus numeric(10,2), hire_date date not null, leave_date date, active boolean not null,
  gender character(1));
create table absence (absence_id bigint primary key, employee_id integer not null, absence_type text not null, start_date date not null,
  end_date date, days numeric(4,1) not null);
create table timesheet (timesheet_id bigint primary key, employee_id integer not null, work_date date not null, hours numeric(4,2) not null,
  project_code text not null, billable boolean not null);
comment on column absence.absence_type is 'V = vacation, S = sick, P = parental.';
insert into department select n, 'Department ' || n, (array['Berlin', 'Wien', null])[1 + n % 3] from generate_series(1, 6) n;
insert into employee select n, 'First ' || n, 'Last ' || n % 40, case when n % 8 = 0 then null else 1 + n % 7 end,
  (array['clerk', 'engineer', 'manager'])[1 + n % 3], 3000 + n * 37, case when n % 3 = 0 then null else n * 10 end, date '2019-01-01' + n * 45,
  case when n % 5 = 0 then date '2019-01-01' + n * 45 + 300 + n * 3 end, n % 5 <> 0 and n % 11 <> 0, (array['F', 'M', 'D', null])[1 + n % 4]
from generate_series(1, 60) n;
insert into absence select n, 1 + n % 60, (array['V', 'S', 'P'])[1 + n % 3], date '2024-10-01' + n * 3,
  case when n % 9 = 0 then null else date '2024-10-01' + n * 3 + n % 12 end, n % 12 + 0.5 from generate_series(1, 150) n;
insert into timesheet select n, 1 + n % 55, date '2025-01-01' + n / 2, 4 + (n % 9) / 2.0, 'P' || n % 6, n % 4 <> 0 from generate_series(1, 400) n;
`;

const golden: readonly Misreading[] = [
  misreading('other date', 'units per day on which the orders were shipped', {
    plan: plan('orders', where('shipped_at is not null'), derive({ day: `(shipped_at at time zone 'UTC')::date` }), group(['day'], { units: 'sum(units)' })), // prettier-ignore
    instead: [["(shipped_at at time zone 'UTC')::date", 'ordered_at::date']],
    words: 'One row for each day by shipped_at, in UTC.',
    reading: 'select shipped_at::date, sum(units) from orders where shipped_at is not null group by 1',
    tests: { 'an order was shipped on each day': 'select day from target except select shipped_at::date from orders' },
  }),
  misreading('other date', 'list price of each product as of 2025-12-31: the last one since then or before', {
    plan: plan('prices', where(`since <= '2025-12-31'`), dedupe(['product_id'], ['since'], 'last'), only('product_id', 'list_price')), // prettier-ignore
    instead: [["since <= '2025-12-31'", "since <= '2026-12-31'"]],
    words: 'The price with the latest since up to 2025-12-31.',
    reading: `select product_id, list_price from prices p where since = (select max(since) from prices q where q.product_id = p.product_id and q.since <= '2025-12-31')`,
    tests: {
      'the price was a price by then': `select product_id, list_price from target except select product_id, list_price from prices where since <= '2025-12-31'`,
    },
  }),
  misreading('other measure', 'value of each order by its items, quantity times price: order_id and value', {
    plan: plan('items', where('quantity is not null'), group(['order_id'], { value: 'sum(quantity * price)' })),
    instead: [['quantity * price', 'price']],
    words: 'quantity times price of the lines whose quantity is known.',
    reading: 'select order_id, sum(price * quantity) from items where quantity is not null group by order_id',
    tests: { 'it adds up': 'select 1 from (select sum(value) s from target) t where s is distinct from (select sum(quantity * price) from items)' }, // prettier-ignore
  }),
  misreading('other measure', 'amount of each order less its discount: order_id and net', {
    plan: plan('orders', select({ order_id: 'order_id', net: 'round(amount * (1 - coalesce(discount, 0)), 2)' })),
    instead: [['(1 - coalesce(discount, 0))', 'coalesce(discount, 0)']],
    words: 'discount is a share of the amount; without one nothing is taken off; to cents.',
    reading: 'select order_id, round(amount - amount * coalesce(discount, 0), 2) from orders',
    tests: { 'nobody pays more than the amount': 'select order_id from target join orders using (order_id) where net > amount' }, // prettier-ignore
  }),
  misreading('missed exclusion', 'amount of paid orders per customer, paid in any spelling, guests left out', {
    plan: plan('orders', where(`lower(status) = 'paid' and customer_id is not null`), group(['customer_id'], { amount: 'sum(amount)' })), // prettier-ignore
    instead: [["lower(status) = 'paid'", "status = 'paid'"]],
    words: 'Orders of status paid or Paid.',
    reading: `select customer_id, sum(amount) from orders where status in ('paid', 'Paid') and customer_id > 0 group by 1`,
    tests: {
      'no customer who paid is lost': `select customer_id from orders where status ilike 'paid' and customer_id is not null except select customer_id from target`,
    },
  }),
  misreading('missed exclusion', 'active customers per region, those of whom it is not known left out', {
    plan: plan('customers', where('active'), group(['region'], { customers: 'count(*)' })),
    instead: [['"where":"active"', '"where":"active is not false"']],
    words: 'Customers whose active is true; region NULL and the empty one are groups of their own.',
    reading: 'select region, count(*) from customers where active = true group by region',
    tests: { 'all are active': 'select 1 from (select sum(customers) n from target) t where n is distinct from (select count(*) from customers where active)' }, // prettier-ignore
  }),
  misreading('other grain', 'items per order and product: quantity', {
    plan: plan('items', group(['order_id', 'product_id'], { quantity: 'sum(quantity)' })),
    instead: [['"by":[{"name":"order_id"},{"name":"product_id"}]', '"by":[{"name":"order_id","expr":"order_id / 2 * 2"},{"name":"product_id"}]']], // prettier-ignore
    words: 'One row for each product in each order.',
    reading: 'select order_id, product_id, sum(quantity) from items group by 1, 2',
    tests: { 'no order is lost': 'select order_id from items except select order_id from target' },
  }),
  misreading('other grain', 'highest value of each sensor', {
    plan: plan('readings', where('sensor is not null'), group(['sensor'], { highest: 'max(value)' })),
    instead: [['"expr":"max(value)"', '"expr":"max(value) filter (where note is not null)"']],
    words: 'Over all readings of the sensor, with a note or without.',
    reading: 'select distinct on (sensor) sensor, value from readings where sensor is not null and value is not null order by sensor, value desc', // prettier-ignore
    tests: { 'no reading is higher': 'select t.sensor from target t join readings r using (sensor) where r.value > t.highest' }, // prettier-ignore
  }),
  misreading('other unit', 'discount of each order in percent: order_id and percent', {
    plan: plan('orders', where('discount is not null'), select({ order_id: 'order_id', percent: 'discount * 100' })),
    instead: [['discount * 100', 'discount * 1']],
    words: 'discount is a share; in percent it is a hundred times that.',
    reading: 'select order_id, 100 * discount from orders where discount is not null',
    tests: { 'it is percent': 'select order_id from target join orders using (order_id) where percent / 100 is distinct from discount' }, // prettier-ignore
  }),
  misreading(
    'other join',
    'products with the name of their category, also those without one: product_id and category',
    {
      plan: plan('products', join('categories', { how: 'left', on: ['category_id'], columns: { product_id: 'l.product_id', category: 'r.name' } })), // prettier-ignore
      instead: [['"how":"left"', '"how":"inner"']],
      words: 'Every product; category is NULL where there is none.',
      reading: 'select product_id, (select name from categories c where c.category_id = p.category_id) from products p',
      tests: { 'no product is lost': 'select product_id from products except select product_id from target' },
    },
  ),
  misreading('other join', 'customers who have no order: customer_id', {
    plan: plan('customers', only('customer_id'), join('orders', { how: 'anti', on: ['customer_id'] })),
    instead: [['"how":"anti"', '"how":"semi"']],
    words: 'Customers whose id stands in no order.',
    reading: 'select customer_id from customers where customer_id not in (select customer_id from orders where customer_id is not null)', // prettier-ignore
    tests: { 'none has an order': 'select customer_id from target join orders using (customer_id)' },
  }),
  misreading('wrong table', 'region of each customer as it is now: customer_id and region', {
    plan: plan('customers', select({ customer_id: 'customer_id', region: 'region' })),
    instead: [['{"name":"region"}', '{"name":"region","expr":"segment"}']],
    words: 'region of the customer, not one of earlier changes.',
    reading: 'select customer_id, region from customers',
    tests: {
      'the region is that of the customer': 'select customer_id from target join customers c using (customer_id) where c.region is distinct from target.region', // prettier-ignore
    },
  }),
  misreading(
    'NULL treated otherwise',
    'number of orders that are not paid in any spelling, per customer, those without a discount too',
    {
      plan: plan('orders', where(`customer_id is not null and lower(status) <> 'paid' and coalesce(discount, 0) < 0.1`), group(['customer_id'], { orders: 'count(*)' })), // prettier-ignore
      instead: [['coalesce(discount, 0) < 0.1', 'discount < 0.1']],
      words: 'Orders with a discount below a tenth, or none at all.',
      reading: `select customer_id, count(*) from orders where (discount < 0.1 or discount is null) and lower(status) not in ('paid') and customer_id is not null group by 1`,
      tests: {
        'orders without a discount count': `select 1 from (select sum(orders) n from target) t where n is distinct from (select count(*) from orders where lower(status) <> 'paid' and (discount is null or discount < 0.1) and customer_id is not null)`,
      },
    },
  ),
  misreading(
    'NULL treated otherwise',
    'yearly total of each region over the four quarters, an unknown quarter counts as 0',
    {
      plan: plan('quarters', select({ region: 'region', total: 'coalesce(q1, 0) + coalesce(q2, 0) + coalesce(q3, 0) + coalesce(q4, 0)' })), // prettier-ignore
      instead: [['coalesce(q2, 0)', 'q2']],
      words: 'NULL counts as 0.',
      reading: 'select region, (select coalesce(sum(q), 0) from (values (q1), (q2), (q3), (q4)) v (q)) from quarters',
      tests: { 'every region has a total': 'select region from target where total is null' },
    },
  ),
  misreading('other bound', 'orders that weigh 26 or more: order_id', {
    plan: plan('orders', where('weight >= 26'), only('order_id')),
    instead: [['weight >= 26', 'weight > 26']],
    words: 'weight of 26 and more.',
    reading: 'select order_id from orders where not weight < 26',
    tests: { 'no heavy order is lost': 'select order_id from orders where weight >= 26 except select order_id from target' }, // prettier-ignore
  }),
  misreading('distinct', 'regions that customers live in, each once: region', {
    plan: plan('customers', where('region is not null'), only('region'), distinct()),
    instead: [['"kind":"distinct"', '"kind":"filter","where":"true"']],
    words: 'Each region that is known once.',
    reading: 'select region from customers where region is not null group by region',
    tests: { 'each is there once': 'select region from target group by region having count(*) > 1' },
  }),
  misreading('other row kept', 'first change of each customer: customer_id, changed_at and region', {
    plan: plan('changes', dedupe(['customer_id'], ['changed_at'], 'first'), only('customer_id', 'changed_at', 'region')), // prettier-ignore
    instead: [['"keep":"first"', '"keep":"last"']],
    words: 'The earliest changed_at of each customer.',
    reading: 'select customer_id, changed_at, region from changes c where not exists (select 1 from changes e where e.customer_id = c.customer_id and e.changed_at < c.changed_at)', // prettier-ignore
    tests: { 'no change is earlier': 'select 1 from target t join changes c using (customer_id) where c.changed_at < t.changed_at' }, // prettier-ignore
  }),
];

const personnel: readonly Misreading[] = [
  misreading('other date', 'number of employees who left per year', {
    plan: plan('employee', where('leave_date is not null'), derive({ year: 'extract(year from leave_date)::integer' }), group(['year'], { employees: 'count(*)' })), // prettier-ignore
    instead: [['extract(year from leave_date)', 'extract(year from hire_date)']],
    words: 'By the year of leave_date.',
    reading: `select date_part('year', leave_date)::integer, count(*) from employee where leave_date is not null group by 1`,
    tests: { 'somebody left in each year': 'select year from target except select extract(year from leave_date)::integer from employee' }, // prettier-ignore
  }),
  misreading('other measure', 'sick days per employee', {
    plan: plan('absence', where(`absence_type = 'S'`), group(['employee_id'], { days: 'sum(days)' })),
    instead: [['sum(days)', 'count(days)::numeric']],
    words: 'The sum of days of absences of type S.',
    reading: `select employee_id, sum(days) from absence where absence_type = 'S' group by employee_id`,
    tests: { 'all sick days are counted': `select 1 from (select sum(days) s from target) t where s is distinct from (select sum(days) from absence where absence_type = 'S')` }, // prettier-ignore
  }),
  misreading('missed exclusion', 'billable hours per project', {
    plan: plan('timesheet', where('billable'), group(['project_code'], { hours: 'sum(hours)' })),
    instead: [['"where":"billable"', '"where":"true"']],
    words: 'Hours that are billable.',
    reading: 'select project_code, sum(hours) from timesheet where billable group by 1',
    tests: { 'only billable hours': 'select 1 from (select sum(hours) s from target) t where s > (select sum(hours) from timesheet where billable)' }, // prettier-ignore
  }),
  misreading('other grain', 'hours per employee and month', {
    plan: plan('timesheet', derive({ month: `date_trunc('month', work_date::timestamp)::date` }), group(['employee_id', 'month'], { hours: 'sum(hours)' })), // prettier-ignore
    instead: [["date_trunc('month'", "date_trunc('year'"]],
    words: 'One row for each employee and month of work_date.',
    reading: `select employee_id, make_date(extract(year from work_date)::integer, extract(month from work_date)::integer, 1), sum(hours) from timesheet group by 1, 2`,
    tests: { 'more than one month is there': 'select 1 from (select count(distinct month) n from target) t where n < (select count(distinct extract(month from work_date)) from timesheet)' }, // prettier-ignore
  }),
  misreading('other unit', 'yearly salary of each active employee, salary is monthly: employee_id and salary', {
    plan: plan('employee', where('active'), select({ employee_id: 'employee_id', salary: 'salary * 12' })),
    instead: [['salary * 12', 'salary * 1']],
    words: 'Twelve times the monthly salary, without bonus.',
    reading: 'select employee_id, 12 * salary from employee where active',
    tests: { 'it is a year': 'select t.employee_id from target t join employee e using (employee_id) where t.salary / 12 <> e.salary' }, // prettier-ignore
  }),
  misreading('other join', 'employees per department, also departments without anybody: department_id and employees', {
    plan: plan('department', join(plan('employee', where('active')), { how: 'left', on: ['department_id'], columns: { department_id: 'l.department_id', employee_id: 'r.employee_id' } }), group(['department_id'], { employees: 'count(employee_id)' })), // prettier-ignore
    instead: [
      ['count(employee_id)', 'count(*)'],
      ['"where":"active"', '"where":"active and job_title = \'manager\'"'],
    ],
    words: 'Active employees; a department without any has 0.',
    reading: 'select department_id, (select count(*) from employee e where e.department_id = d.department_id and active) from department d', // prettier-ignore
    tests: {
      'all who are in a department are counted': 'select 1 from (select sum(employees) n from target) t where n is distinct from (select count(*) from employee join department using (department_id) where active)', // prettier-ignore
    },
  }),
  misreading('wrong table', 'days of vacation per employee, from their absences', {
    plan: plan('absence', where(`absence_type = 'V'`), group(['employee_id'], { days: 'sum(days)' })),
    instead: [["absence_type = 'V'", "absence_type = 'P'"]],
    words: 'V is vacation; the sum of days.',
    reading: `select employee_id, sum(days) from absence where absence_type = 'V' group by 1`,
    tests: { 'each had a vacation': `select employee_id from target except select employee_id from absence where absence_type = 'V'` }, // prettier-ignore
  }),
  misreading(
    'NULL treated otherwise',
    'salary and bonus together of each employee, who has no bonus gets none: employee_id and pay',
    {
      plan: plan('employee', select({ employee_id: 'employee_id', pay: 'salary + coalesce(bonus, 0)' })),
      instead: [['coalesce(bonus, 0)', 'bonus']],
      words: 'No bonus counts as 0.',
      reading: 'select employee_id, coalesce(salary + bonus, salary) from employee',
      tests: { 'everybody is paid': 'select employee_id from target where pay is null' },
    },
  ),
  misreading('other bound', 'absences that began in the first quarter of 2025: absence_id', {
    plan: plan('absence', where(`start_date >= '2025-01-01' and start_date <= '2025-03-31'`), only('absence_id')),
    instead: [["start_date <= '2025-03-31'", "start_date < '2025-03-20'"]],
    words: 'From January 1st to March 31st, both included.',
    reading: `select absence_id from absence where date_trunc('quarter', start_date) = '2025-01-01'`,
    tests: { 'none of March is lost': `select absence_id from absence where to_char(start_date, 'YYYY-MM') = '2025-03' except select absence_id from target` }, // prettier-ignore
  }),
  misreading('other row kept', 'the three best paid employees: employee_id and salary', {
    plan: plan('employee', only('employee_id', 'salary'), top(3, 'salary', 'desc', 'employee_id')),
    instead: [['"direction":"desc"', '"direction":"asc"']],
    words: 'By salary, the highest first.',
    reading: 'select employee_id, salary from employee order by salary desc, employee_id limit 3',
    tests: { 'nobody else earns more': 'select 1 from employee e where e.salary > (select min(salary) from target) and e.employee_id not in (select employee_id from target)' }, // prettier-ignore
  }),
];

export const small: readonly Misreading[] = [...golden, ...personnel];
