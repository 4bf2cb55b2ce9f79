import { tables } from './table.ts';

export const hospital = tables({
  patients: {
    columns: [
      'patient_id bigint not null',
      'given_name text not null',
      'family_name text not null',
      'date_of_birth date not null',
      'sex character(1) -- F = female, M = male, X = other.',
      'city text',
      'insurance_number text',
      'registered_at timestamp without time zone not null',
    ],
    key: ['patient_id'],
  },
  physicians: {
    columns: [
      'physician_id integer not null',
      'name text not null',
      'specialty text not null',
      'ward_id integer -> wards.ward_id',
    ],
    key: ['physician_id'],
  },
  wards: {
    columns: ['ward_id integer not null', 'name text not null', 'floor smallint not null', 'beds smallint not null'],
    key: ['ward_id'],
  },
  admissions: {
    columns: [
      'admission_id bigint not null',
      'patient_id bigint not null -> patients.patient_id',
      'ward_id integer not null -> wards.ward_id',
      'attending_id integer not null -> physicians.physician_id',
      'referring_id integer -> physicians.physician_id',
      'admitted_at timestamp without time zone not null',
      'discharged_at timestamp without time zone',
      'urgency smallint not null -- 1 = emergency, 2 = urgent, 3 = elective.',
    ],
    key: ['admission_id'],
  },
  treatments: {
    columns: [
      'treatment_id bigint not null',
      'admission_id bigint not null -> admissions.admission_id',
      'procedure_code text not null',
      'performed_on date not null',
      'cost numeric(10,2) not null',
      'is_billed boolean not null',
    ],
    key: ['treatment_id'],
  },
  lab_results: {
    columns: [
      'lab_result_id bigint not null',
      'patient_id bigint not null -> patients.patient_id',
      'test_name text not null',
      'value double precision',
      'unit text',
      'measured_at timestamp without time zone not null',
      'is_abnormal boolean',
    ],
    key: ['lab_result_id'],
  },
});
