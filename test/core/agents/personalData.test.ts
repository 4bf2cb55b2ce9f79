import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { personalKindByName } from '../../../src/agents/personalData/columnNames.ts';
import type { PersonalKind } from '../../../src/agents/personalData/kinds.ts';
import { createMasker } from '../../../src/agents/personalData/masker.ts';
import { maskRow } from '../../../src/agents/personalData/maskRow.ts';
import { findPersonal, personalKindByValues } from '../../../src/agents/personalData/values.ts';
import { reportOf } from '../../../src/agents/report.ts';

const names: Readonly<Record<PersonalKind, readonly string[]>> = {
  email: [
    'email',
    'e_mail',
    'E-Mail',
    'customerEmail',
    'email_address',
    'CONTACT_EMAIL',
    'billing_email2',
    'mail',
    'emails',
  ],
  phone: [
    'phone',
    'phone_number',
    'mobile',
    'tel',
    'cellPhone',
    'fax',
    'home_phone',
    'Telefon',
    'handynummer',
    'phone1',
  ],
  iban: ['iban', 'debtor_iban', 'bank_account_number', 'Kontonummer'],
  'card number': ['card_number', 'cardNumber', 'credit_card_no', 'cc_number', 'pan', 'credit_card'],
  name: [
    'first_name',
    'lastname',
    'surname',
    'FullName',
    'given_name',
    'Vorname',
    'nachname',
    'customer_name',
    'user_name',
  ],
  'birth date': ['birth_date', 'dateOfBirth', 'dob', 'birthday', 'born', 'Geburtsdatum', 'birth_year'],
  address: [
    'address',
    'street',
    'address_line_1',
    'street_name',
    'zip',
    'postal_code',
    'Straße',
    'anschrift',
    'homeAddress',
  ],
  'national id': [
    'ssn',
    'social_security_number',
    'passport_no',
    'tax_id',
    'national_id',
    'nino',
    'steuernummer',
    'cpf',
  ],
};

const harmlessNames = [
  ...['id', 'name', 'product_name', 'file_name', 'company', 'table_name', 'status', 'amount', 'created_at', 'country'],
  ...[
    'email_id',
    'email_sent_at',
    'email_verified',
    'phone_count',
    'address_id',
    'has_email',
    'is_mobile',
    'ip_address',
  ],
  ...[
    'mac_address',
    'mailing_list_id',
    'stubborn',
    'panel',
    'telemetry',
    'hotel',
    'airborne',
    'streetwear',
    'mobility',
  ],
  ...['username_hash', 'num_phones', 'zipped', 'faxed_at', 'domain_name', 'host_name', 'event_name', 'email_template'],
];

const values: Readonly<Record<PersonalKind, readonly string[]>> = {
  email: ['ann@example.com', 'a.b+c@mail.example.co.uk', "o'neil@exämple.de", 'x_y-z@sub.example.museum'],
  phone: [
    '+49 30 1234567',
    '+1-202-555-0143',
    '(030) 123 45 67',
    '0171/1234567',
    '202-555-0143',
    '+442079460958',
    '030-1234567',
  ],
  iban: ['DE89370400440532013000', 'GB82 WEST 1234 5698 7654 32', 'NL91ABNA0417164300', 'NO9386011117947'],
  'card number': ['4111111111111111', '5500 0000 0000 0004', '3400-0000-0000-009', '6011000000000004'],
  'national id': [
    '078-05-1120',
    'AB123456C',
    'AB 12 34 56 C',
    '12345678Z',
    'X1234567L',
    'RSSMRA85T10A562S',
    '529.982.247-25',
  ],
  address: [
    '221B Baker Street',
    '12b Baker Street',
    '5 Main St',
    '1600 Pennsylvania Ave',
    'Hauptstraße 12',
    'Am Alten Weg 5a',
    'Kurze Str. 3',
  ],
  name: ['Mr. John Smith', 'Frau Müller', 'Dr. Anna-Lena Schmidt'],
  'birth date': [],
};

const harmlessValues = [
  ...['', 'hello', 'a@b', '@home', 'user at example.com', '12345', '2026-01-02', '2026-01-02 03:04:05', '12:30:00'],
  ...['4111111111111112', '1234567890123456', '0000000000000000', 'DE89370400440532013001', 'AB12CDEF34', '3.14159'],
  ...['192.168.0.1', '10.0.0.255', '1,234.56', '-12.5', '00012345', '12345678A', '111.111.111-11'],
  ...['550e8400-e29b-41d4-a716-446655440000', 'SKU-123-456', 'v1.2.3-4', '{"a": 1}', 'Red Shoes', 'New York'],
  ...['100 Ways to Win', 'numeric(12,2)', '20260102030405', '978-3-16-148410-0', '2026-W01-5', 'Version 12'],
];

describe('personal data', () => {
  for (const [kind, columns] of Object.entries(names)) {
    for (const name of columns) {
      it(`is expected in a column ${name}: ${kind}`, () => {
        const type = kind === 'birth date' ? 'date' : 'text';
        assert.equal(personalKindByName({ name, type }), kind);
      });
    }
  }

  for (const name of harmlessNames) {
    it(`is not expected in a column ${name}`, () => {
      assert.equal(personalKindByName({ name, type: 'text' }), undefined);
    });
  }

  it('is expected by what the type can hold, and by whose table it is', () => {
    assert.equal(personalKindByName({ name: 'email', type: 'boolean' }), undefined);
    assert.equal(personalKindByName({ name: 'first_name', type: 'integer' }), undefined);
    assert.equal(personalKindByName({ name: 'phone', type: 'bigint' }), 'phone');
    assert.equal(personalKindByName({ name: 'address', type: 'timestamp with time zone' }), undefined);
    assert.equal(personalKindByName({ name: 'name', type: 'text', table: 'shop_customers' }), 'name');
    assert.equal(personalKindByName({ name: 'name', type: 'text', table: 'products' }), undefined);
  });

  for (const [kind, texts] of Object.entries(values)) {
    for (const text of texts) {
      it(`is seen in ${text}: ${kind}`, () => {
        assert.equal(findPersonal(text)[0]?.kind, kind);
        assert.equal(findPersonal(`before: ${text}, after`)[0]?.kind, kind);
      });
    }
  }

  for (const text of harmlessValues) {
    it(`is not seen in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(findPersonal(text), []);
    });
  }

  it('makes a column personal where it fills enough of it', () => {
    const mails = ['a@example.com', 'b@example.com', 'none', 'c@example.com'];
    assert.equal(personalKindByValues(mails), 'email');
    assert.equal(personalKindByValues(['one', 'two', 'three', 'write to a@example.com', 'four']), undefined);
    assert.equal(personalKindByValues([]), undefined);
  });

  it('is searched for in no more than linear time', () => {
    const started = performance.now();
    for (const text of [
      'a@'.repeat(50_000),
      '1 '.repeat(50_000),
      'A'.repeat(100_000),
      'Ab '.repeat(30_000),
      '(0'.repeat(50_000),
      'a.'.repeat(50_000),
    ]) {
      findPersonal(text);
    }
    assert.ok(performance.now() - started < 1000);
  });
});

describe('a mask', () => {
  it('says what stood there, the same for the same value, and no part of it', () => {
    const masker = createMasker();
    assert.deepEqual(
      ['Mail ann@example.com or bob@example.com, or ann@example.com, IBAN DE89370400440532013000.', 'plain'].map(
        masker.text,
      ),
      ['Mail ‹email 1› or ‹email 2›, or ‹email 1›, IBAN ‹iban 1›.', 'plain'],
    );
    assert.deepEqual(masker.kinds(), ['iban', 'email']);
  });

  it('leaves a row as it was, to the digit, but for what is personal', () => {
    const masker = createMasker();
    const row =
      '{"id": 9007199254740993, "amount": 1.10, "first_name": "Ann \\"A\\"", "phone": 4930123456, "email": null, "note": "ask bob@example.com", "tags": ["x", "eve@example.com"], "born": true}';
    assert.equal(
      maskRow(row, masker, [{ name: 'born', type: 'boolean' }]),
      '{"id": 9007199254740993, "amount": 1.10, "first_name": "‹name 1›", "phone": "‹phone 1›", "email": null, "note": "ask ‹email 1›", "tags": ["x", "‹email 2›"], "born": true}',
    );
    assert.equal(maskRow('{"a`b": "{\\"email\\": 1}, ,:"}', masker), '{"a`b": "{\\"email\\": 1}, ,:"}');
  });

  it('covers the examples of a report', () => {
    const comparison = { expectedRows: 1, actualRows: 1, missing: 1, unexpected: 1, tolerant: [] };
    const examples = [
      { kind: 'missing', row: '{"email": "ann@example.com", "n": 1.50}' },
      { kind: 'unexpected', row: '{"email": "ann@example.com", "n": 1.5}' },
    ] as const;
    const report = reportOf(
      { kind: 'failed', comparison: { ...comparison, examples } },
      { target: { table: 't', mode: 'replace', columns: [] } },
    );
    assert.ok(
      report.endsWith(`For example:

- missing: \`{"email": "‹email 1›", "n": 1.50}\`
- unexpected: \`{"email": "‹email 1›", "n": 1.5}\`

Personal data is masked (email).
`),
      report,
    );
  });
});
