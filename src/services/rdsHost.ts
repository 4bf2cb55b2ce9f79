/** Amazon's names of database hosts; in China the region stands behind `rds`, elsewhere before it. */
const patterns = [/\.([a-z]{2}(?:-[a-z]+)+-\d)\.rds\.amazonaws\.com$/i, /\.rds\.(cn-[a-z]+-\d)\.amazonaws\.com\.cn$/i];

/** Whether Amazon RDS answers there, so that a certificate worth checking can be expected. */
export const isRdsHost = (host: string): boolean => /\.rds\.(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/i.test(host);

/** The certificates of RDS in China come from an authority of their own, which no npm package ships. */
export const isChinaHost = (host: string): boolean => /\.amazonaws\.com\.cn$/i.test(host);

/** The region that a host name of RDS tells; undefined for an alias, whose region the AWS settings must say. */
export function regionOfHost(host: string): string | undefined {
  for (const pattern of patterns) {
    const [, region] = pattern.exec(host) ?? [];
    if (region !== undefined) return region.toLowerCase();
  }
  return undefined;
}
