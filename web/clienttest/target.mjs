// What the suites test against. The defaults fit `make run`.

/** The server under test, without a path: it is also issuer and audience. */
export const authURL = process.env.SALLYPORT_BASE_URL ?? "http://localhost:8080";

/** The origin of the application's pages; the server must trust it. */
export const pageOrigin = process.env.SALLYPORT_PAGE_ORIGIN ?? "http://localhost:3000";

/** The database of the API that page.test.mjs starts, as SQLAlchemy names it. */
export const apiDatabase = process.env.SALLYPORT_API_DATABASE_URL;

/** A second server, which asks for proof of addresses, and where its messages go; undefined without one. */
export const mailing = process.env.SALLYPORT_MAILING_URL && {
  url: process.env.SALLYPORT_MAILING_URL,
  inbox: process.env.SALLYPORT_MAILING_INBOX,
  secret: process.env.SALLYPORT_MAILING_SECRET,
};

/** A server with other sites to sign in with. */
export const socialURL = process.env.SALLYPORT_SOCIAL_URL;

/** Somebody with an account and the role admin. */
export const administrator = {
  email: process.env.SALLYPORT_ADMIN_EMAIL,
  password: process.env.SALLYPORT_ADMIN_PASSWORD,
};

/** A person nobody has signed up yet. The address has capitals on purpose: it is stored in lower case. */
export function stranger() {
  const id = crypto.randomUUID();
  return { name: `Ada ${id.slice(0, 4)}`, email: `Ada-${id}@example.com`, password: `pass-${id}` };
}

/** Debian's browser, unless CHROMIUM names another. */
export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
