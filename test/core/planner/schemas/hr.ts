import { tables } from './table.ts';

/** No foreign keys at all: tables refer to each other by the names of their keys. */
export const hr = tables({
  department: {
    columns: ['department_id integer not null', 'department_name text not null', 'location text'],
    key: ['department_id'],
  },
  employee: {
    columns: [
      'employee_id integer not null',
      'first_name text not null',
      'last_name text not null',
      'department_id integer',
      'job_title text not null',
      'salary numeric(10,2) not null',
      'bonus numeric(10,2)',
      'hire_date date not null',
      'leave_date date',
      'active boolean not null',
      'gender character(1) -- F = female, M = male, D = diverse.',
    ],
    key: ['employee_id'],
  },
  absence: {
    columns: [
      'absence_id bigint not null',
      'employee_id integer not null',
      'absence_type text not null -- V = vacation, S = sick, P = parental.',
      'start_date date not null',
      'end_date date',
      'days numeric(4,1) not null',
    ],
    key: ['absence_id'],
  },
  timesheet: {
    columns: [
      'timesheet_id bigint not null',
      'employee_id integer not null',
      'work_date date not null',
      'hours numeric(4,2) not null',
      'project_code text not null',
      'billable boolean not null',
    ],
    key: ['timesheet_id'],
  },
});
