/**
 * The whole address of a page of this application. Mailed links lead through the identity server, which may be at
 * another origin: a path alone would end there.
 */
export function pageURL(path: string): string {
  return new URL(path, window.location.origin).href;
}

/**
 * Loads a page anew. It is for the moment when somebody else is signed in than before: nothing that was kept in
 * memory for them, such as prefetched pages and tokens, may stay. The promise never ends, so a form that waits for
 * it stays busy until the new page is there.
 */
export function loadPage(path: string): Promise<never> {
  window.location.replace(path);
  return new Promise(() => {});
}
