/** What makes a value personal. The words are shown, and stand in place of the value. */
export type PersonalKind =
  'email' | 'phone' | 'iban' | 'card number' | 'name' | 'birth date' | 'address' | 'national id';
