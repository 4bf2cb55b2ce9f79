/**
 * A catalogue as companies have it after twenty years: some seventy tables that matter, in several schemas and styles of
 * naming, among thousands of copies, stages, archives and tables of other departments that use the same words.
 */
import { catalogueOf, type Catalogue, type CatalogueTable, type ForeignKey } from '../../src/spec/catalogue.ts';

/** `schema.name | comment | column type comment?; ...`; a column `x_id>table` refers to it. */
const entities = `
sales.customers | Everybody who ever opened an account | customer_id>; full_name; country_code; segment; created_at
sales.orders | One row an order, cancelled ones included | order_id>; customer_id>sales.customers; status N = new, X = cancelled; ordered_at; total_amount; channel
sales.order_items | The lines of an order | order_item_id>; order_id>sales.orders; product_id>catalog.products; quantity; unit_price; discount_percent
catalog.products | What we sell, discontinued products included | product_id>; sku; title; category_id>catalog.categories; brand_id>catalog.brands; list_price
catalog.categories | The tree of product categories | category_id>; parent_id>catalog.categories; label
catalog.brands | Makers of products | brand_id>; label; country_code
sales.returns | Goods that came back | return_id>; order_item_id>sales.order_items; reason_code>ref.return_reasons; returned_at; quantity
ref.return_reasons | Why goods come back | reason_code>; meaning
finance.invoices | Bills sent to customers | invoice_id>; order_id>sales.orders; issued_on; due_on; gross_amount; net_amount
finance.payments | Money that arrived | payment_id>; invoice_id>finance.invoices; method; amount; paid_at
finance.exchange_rates | Daily rates to EUR, banking days only | rate_date>; from_currency; to_currency; rate
finance.gl_entries | Postings of the general ledger | entry_id>; gl_account_id>finance.gl_accounts; cost_center_id>finance.cost_centers; posted_on; debit; credit
finance.gl_accounts | Chart of accounts | gl_account_id>; code; label; kind
finance.cost_centers | Where costs belong | cost_center_id>; label; manager_id>hr.employees
finance.budgets | Planned amounts by cost center and month | budget_id>; cost_center_id>finance.cost_centers; month; planned_amount
hr.employees | All staff, former ones included | employee_id>; full_name; department_id>hr.departments; hired_on; left_on; job_title
hr.departments | The organisation | department_id>; label; parent_department_id>hr.departments
hr.salaries | What an employee earns, with its period | salary_id>; employee_id>hr.employees; monthly_gross; valid_from; valid_to
hr.absences | Holidays and sick leave | absence_id>; employee_id>hr.employees; kind V = vacation, S = sick; first_day; last_day
hr.trainings | Courses that employees took | training_id>; employee_id>hr.employees; course_name; completed_on
logistics.shipments | Parcels on their way | shipment_id>; order_id>sales.orders; carrier_id>logistics.carriers; shipped_at; delivered_at
logistics.carriers | Companies that bring parcels | carrier_id>; label; service_level
logistics.warehouses | Where goods lie | warehouse_id>; label; city
logistics.stock_levels | How many units of a product lie in a warehouse | stock_level_id>; warehouse_id>logistics.warehouses; product_id>catalog.products; on_hand; reserved
procurement.suppliers | Whom we buy from | supplier_id>; label; country_code; rating
procurement.purchase_orders | What we ordered from suppliers | purchase_order_id>; supplier_id>procurement.suppliers; ordered_on; status
procurement.purchase_order_lines | Lines of purchase orders | line_id>; purchase_order_id>procurement.purchase_orders; product_id>catalog.products; quantity; unit_cost
crm.tickets | Complaints and questions to the help desk | ticket_id>; customer_id>sales.customers; opened_at; closed_at; priority; topic
crm.ticket_messages | What was written in a ticket | message_id>; ticket_id>crm.tickets; author; sent_at; body
crm.campaigns | Marketing campaigns | campaign_id>; label; started_on; budget_amount
crm.campaign_sends | Mails of a campaign | send_id>; campaign_id>crm.campaigns; customer_id>sales.customers; sent_at; opened_at; clicked_at
crm.loyalty_accounts | Members of the loyalty programme | loyalty_account_id>; customer_id>sales.customers; tier; points
web.sessions | Visits of the web shop | session_id>; customer_id>sales.customers; started_at; device; referrer
web.page_views | Pages seen in a visit | page_view_id>; session_id>web.sessions; url; viewed_at
web.carts | Baskets that were filled | cart_id>; session_id>web.sessions; abandoned; created_at
claims.policies | Insurance contracts | policy_id>; holder_id>claims.policy_holders; product_code; premium; starts_on; ends_on
claims.policy_holders | Who is insured | holder_id>; full_name; birth_date
claims.claims | Damages that were reported | claim_id>; policy_id>claims.policies; reported_on; state_code>claims.claim_states; reserve_amount
claims.claim_states | What state_code means | state_code>; meaning; is_open
claims.claim_payments | What was paid for a damage | claim_payment_id>; claim_id>claims.claims; paid_on; amount
clinic.patients | People who were treated | patient_id>; birth_date; sex
clinic.encounters | Visits of a patient | encounter_id>; patient_id>clinic.patients; practitioner_id>clinic.practitioners; admitted_at; discharged_at
clinic.practitioners | Doctors and nurses | practitioner_id>; full_name; specialty
clinic.diagnoses | Coded conditions of an encounter | diagnosis_id>; encounter_id>clinic.encounters; icd_code; is_primary
clinic.lab_results | Values from the laboratory | lab_result_id>; encounter_id>clinic.encounters; analyte; result_value; unit; taken_at
clinic.prescriptions | Medication given to a patient | prescription_id>; encounter_id>clinic.encounters; drug_code; dose
plant.machines | Machines on the shop floor | machine_id>; label; line_no; commissioned_on
plant.sensors | Sensors fitted to machines | sensor_id>; machine_id>plant.machines; quantity_kind; unit
plant.sensor_readings | Values that sensors sent | reading_id>; sensor_id>plant.sensors; measured_at; measured_value
plant.downtimes | When a machine stood still, and why | downtime_id>; machine_id>plant.machines; began_at; ended_at; cause_code
plant.work_orders | Maintenance jobs | work_order_id>; machine_id>plant.machines; planned_on; done_on; technician_id>hr.employees
plant.production_batches | What was made, with scrap | batch_id>; machine_id>plant.machines; product_id>catalog.products; good_units; scrap_units; produced_on
energy.meters | Electricity meters at customers | meter_id>; customer_id>sales.customers; installed_on; tariff_id>energy.tariffs
energy.meter_readings | What a meter showed | meter_reading_id>; meter_id>energy.meters; read_on; kwh
energy.tariffs | Price of a kilowatt hour | tariff_id>; label; price_per_kwh
bank.accounts | Bank accounts | account_id>; owner_id>sales.customers; iban; opened_on; kind
bank.transactions | Money in and out of an account | transaction_id>; account_id>bank.accounts; booked_on; amount; merchant_code>bank.merchant_codes
bank.merchant_codes | What kind of shop a merchant code means | merchant_code>; meaning
bank.loans | Money that was lent | loan_id>; account_id>bank.accounts; principal; interest_rate; granted_on
bank.loan_instalments | What has to be paid back when | instalment_id>; loan_id>bank.loans; due_on; amount; paid_on
school.students | Who is enrolled | student_id>; full_name; enrolled_on
school.courses | What is taught | course_id>; title; credits
school.enrolments | Who takes which course, with the grade | enrolment_id>; student_id>school.students; course_id>school.courses; grade; term
fleet.vehicles | Cars and trucks | vehicle_id>; plate; model; bought_on
fleet.trips | Journeys of a vehicle | trip_id>; vehicle_id>fleet.vehicles; driver_id>hr.employees; started_at; ended_at; kilometres
fleet.fuel_purchases | Diesel and petrol bought | fuel_purchase_id>; vehicle_id>fleet.vehicles; litres; price_total; bought_at
erp.vbak | Sales document: header data | vbeln>; kunnr>erp.kna1; erdat; netwr Net value of the sales order
erp.vbap | Sales document: item data | posnr>; vbeln>erp.vbak; matnr>erp.mara; kwmeng Cumulative order quantity
erp.kna1 | General data in customer master | kunnr>; name1; land1 Country key
erp.mara | General material data | matnr>; mtart Material type; mbrsh Industry sector
`;

/** Prompts as people type them, and the tables without which they cannot be answered. */
export const prompts: readonly (readonly [prompt: string, ...needed: readonly string[]])[] = [
  ['join customers and orders on customer_id, total order amount per customer', 'sales.customers', 'sales.orders'],
  ['revenue by product category per month', 'sales.order_items', 'catalog.products', 'catalog.categories'],
  ['top 10 brands by units sold', 'catalog.brands', 'catalog.products', 'sales.order_items'],
  ['return rate per product with the reason', 'sales.returns', 'ref.return_reasons', 'sales.order_items'],
  ['unpaid invoices older than 30 days per client', 'finance.invoices', 'finance.payments'],
  ['convert payments to EUR with the exchange rate of the day', 'finance.payments', 'finance.exchange_rates'],
  ['ledger postings per account and cost center', 'finance.gl_entries', 'finance.gl_accounts', 'finance.cost_centers'],
  ['budget against actual postings by cost center', 'finance.budgets', 'finance.cost_centers', 'finance.gl_entries'],
  ['average salary per department', 'hr.salaries', 'hr.employees', 'hr.departments'],
  ['sick days per employee last year', 'hr.absences', 'hr.employees'],
  ['which staff completed which training', 'hr.trainings', 'hr.employees'],
  ['delivery time by carrier', 'logistics.shipments', 'logistics.carriers'],
  ['units on hand per warehouse and product', 'logistics.stock_levels', 'logistics.warehouses', 'catalog.products'],
  ['spend per supplier', 'procurement.suppliers', 'procurement.purchase_orders', 'procurement.purchase_order_lines'],
  ['vendors whose purchase orders are still open', 'procurement.suppliers', 'procurement.purchase_orders'],
  ['open tickets per customer', 'crm.tickets', 'sales.customers'],
  ['first response time of help desk tickets', 'crm.tickets', 'crm.ticket_messages'],
  ['open rate of each marketing campaign', 'crm.campaigns', 'crm.campaign_sends'],
  ['loyalty points by tier', 'crm.loyalty_accounts'],
  ['page views per visit and device', 'web.page_views', 'web.sessions'],
  ['abandoned carts by referrer', 'web.carts', 'web.sessions'],
  ['outstanding claims by policy product', 'claims.claims', 'claims.policies', 'claims.claim_states'],
  ['claims paid per policy holder', 'claims.claim_payments', 'claims.claims', 'claims.policy_holders'],
  ['loss ratio: damage payments over premiums', 'claims.claim_payments', 'claims.policies'],
  ['encounters per doctor and specialty', 'clinic.encounters', 'clinic.practitioners'],
  ['latest lab result per patient and analyte', 'clinic.lab_results', 'clinic.patients', 'clinic.encounters'],
  ['primary diagnosis by age of the patient', 'clinic.diagnoses', 'clinic.patients', 'clinic.encounters'],
  ['drugs prescribed per practitioner', 'clinic.prescriptions', 'clinic.practitioners'],
  ['hourly average of sensor readings per machine', 'plant.sensor_readings', 'plant.sensors', 'plant.machines'],
  ['downtime hours per machine and cause', 'plant.downtimes', 'plant.machines'],
  ['maintenance jobs not done in time per technician', 'plant.work_orders', 'hr.employees'],
  ['scrap share of production batches per product', 'plant.production_batches', 'catalog.products'],
  ['kwh per meter and month, with the tariff price', 'energy.meter_readings', 'energy.meters', 'energy.tariffs'],
  ['card spending by kind of merchant', 'bank.transactions', 'bank.merchant_codes'],
  ['overdue loan instalments per account owner', 'bank.loan_instalments', 'bank.loans', 'bank.accounts'],
  ['balance of each bank account', 'bank.accounts', 'bank.transactions'],
  ['average grade per course and term', 'school.enrolments', 'school.courses'],
  ['pupils without any enrolment', 'school.students', 'school.enrolments'],
  ['litres per 100 km for each vehicle', 'fleet.fuel_purchases', 'fleet.trips', 'fleet.vehicles'],
  ['kilometres driven per driver', 'fleet.trips', 'hr.employees'],
  ['net value of sales documents by country key', 'erp.vbak', 'erp.kna1'],
  ['order quantity per material type from vbap', 'erp.vbap', 'erp.mara'],
  ['dedupe customers by full_name keeping the newest created_at', 'sales.customers'],
  ['shipments without a delivered_at, with the customer', 'logistics.shipments', 'sales.orders', 'sales.customers'],
  ['tempreture sensors and their machnes', 'plant.sensors', 'plant.machines'],
  ['pivot order status into columns per channel', 'sales.orders'],
];

const copies = ['_bak', '_old', '_2019', '_2021', '_tmp', '_copy', '_archive', '_v2', '_staging', '_import', '_error'];
const places = ['stg', 'arch', 'backup', 'sandbox_mk', 'dwh_old', 'mig2017'];
const subjects =
  `order customer product payment invoice account claim policy patient employee machine sensor meter trip vehicle
  ticket campaign session cart stock shipment supplier budget ledger loan course student salary contract asset`.split(
    /\s+/,
  );
const facets =
  `audit_log map config mapping rule template export_queue snapshot flag note attachment batch_run sync_state
  permission view_pref report_line kpi_daily dim_bridge lookup history_event approval setting tag_link job_param`.split(
    /\s+/,
  );

export const tableCount = 10_000;

export function bigCatalogue(): Catalogue {
  const real = entities.trim().split('\n').map(entityOf);
  const stale = real.flatMap((table) => [
    ...copies.map((suffix) => copyOf(table, table.schema, `${table.name}${suffix}`)),
    ...places.map((schema) => copyOf(table, schema, `${schema}_${table.name}`)),
  ]);
  const others: CatalogueTable[] = [];
  for (let at = 0; real.length + stale.length + others.length < tableCount; at++) others.push(otherTable(at));
  // The ones that matter stand somewhere among the others.
  const all = [...real, ...stale, ...others];
  return catalogueOf(all.map((_, at) => all[(at * 7919) % all.length]).filter((table) => table !== undefined));
}

function entityOf(line: string): CatalogueTable {
  const [full = '', comment = '', list = ''] = line.split(' | ');
  const [schema = '', name = ''] = full.split('.');
  const foreignKeys: ForeignKey[] = [];
  const columns = list.split('; ').map((text, at) => {
    const [, word = '', target, rest] = /^(\w+)(?:>(\S*))?(?: (.+))?$/.exec(text) ?? [];
    if (target) {
      const [theirSchema = '', table = ''] = target.split('.');
      foreignKeys.push({ columns: [word], references: { schema: theirSchema, table, columns: [word] } });
    }
    return { name: word, type: typeOf(word), nullable: at > 0, ...(rest === undefined ? {} : { comment: rest }) };
  });
  const primaryKey = [columns[0]?.name ?? ''];
  return {
    schema,
    name,
    kind: 'table',
    comment,
    columns,
    primaryKey,
    uniqueKeys: [],
    foreignKeys,
    rowEstimate: 50_000,
  };
}

function typeOf(name: string): string {
  if (/_id$/.test(name)) return 'bigint';
  if (/_at$/.test(name)) return 'timestamp with time zone';
  if (/_on$|_date$|^month$/.test(name)) return 'date';
  return /amount|price|rate|points|units|quantity/.test(name) ? 'numeric(14,2)' : 'text';
}

/** Nobody writes comments or foreign keys on a copy. */
const copyOf = (table: CatalogueTable, schema: string, name: string): CatalogueTable => ({
  schema,
  name,
  kind: 'table',
  columns: table.columns.map(({ name: column, type, nullable }) => ({ name: column, type, nullable })),
  uniqueKeys: [],
  foreignKeys: [],
});

function otherTable(at: number): CatalogueTable {
  const subject = subjects[at % subjects.length] ?? '';
  const facet = facets[Math.floor(at / subjects.length) % facets.length] ?? '';
  const number = Math.floor(at / (subjects.length * facets.length));
  const columns = [
    `${subject}_${facet}_id`,
    `${subject}_ref`,
    'payload',
    'status',
    'created_at',
    'created_by',
    'value',
  ];
  return {
    schema: `app${at % 12}`,
    name: `${subject}_${facet}${number === 0 ? '' : `_${number}`}`,
    kind: 'table',
    ...(at % 5 === 0 ? { comment: `Technical table of the ${subject} module: ${facet.replaceAll('_', ' ')}` } : {}),
    columns: columns.map((name, place) => ({ name, type: typeOf(name), nullable: place > 0 })),
    primaryKey: [columns[0] ?? ''],
    uniqueKeys: [],
    foreignKeys: [],
    rowEstimate: 1000 + at,
  };
}
