import { tables } from './table.ts';

export const banking = tables({
  branches: {
    schema: 'bank',
    columns: ['branch_id integer not null', 'name text not null', 'region text not null', 'opened_on date not null'],
    key: ['branch_id'],
  },
  clients: {
    schema: 'bank',
    columns: [
      'client_id bigint not null',
      'full_name text not null',
      'risk_class character(1) not null -- L = low, M = medium, H = high.',
      'birth_date date',
      'home_branch_id integer not null -> branches.branch_id',
      'joined_on date not null',
      'is_blocked boolean not null',
    ],
    key: ['client_id'],
  },
  accounts: {
    schema: 'bank',
    columns: [
      'account_id bigint not null',
      'iban text not null',
      'client_id bigint not null -> clients.client_id',
      'branch_id integer not null -> branches.branch_id',
      'account_type text not null -- one of checking, savings, loan',
      'balance numeric(14,2) not null',
      'currency character(3) not null',
      'opened_on date not null',
      'closed_on date',
    ],
    key: ['account_id'],
    unique: [['iban']],
  },
  transactions: {
    schema: 'bank',
    columns: [
      'transaction_id bigint not null',
      'account_id bigint not null -> accounts.account_id',
      'booked_at timestamp with time zone not null',
      'value_date date not null',
      'amount numeric(14,2) not null',
      'direction character(1) not null -- C = credit, D = debit.',
      'counterparty text',
      'is_reversed boolean not null',
      'fee numeric(8,2)',
    ],
    key: ['transaction_id'],
  },
  cards: {
    schema: 'bank',
    columns: [
      'card_id bigint not null',
      'account_id bigint not null -> accounts.account_id',
      'card_number text not null',
      'expires_on date not null',
      'credit_limit numeric(10,2)',
      'is_locked boolean',
    ],
    key: ['card_id'],
  },
});
