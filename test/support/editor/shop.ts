import { ENGINEER, loadShop } from '../../../samples/shop/load.mjs';

/** Always the same: the role belongs to the whole server, which several suites share. */
const password = 'engineer of the tests';

/** The sample shop in a database of its own, as the engineer sees it. */
export async function createShop(superuser: URL, database = 'shop'): Promise<URL> {
  await loadShop({ url: superuser.href, password, database });
  const url = new URL(superuser);
  url.username = ENGINEER;
  url.password = encodeURIComponent(password);
  url.pathname = `/${database}`;
  return url;
}
