/**
 * The whole address of a page of this application. Mailed links lead through the identity server, which may be at
 * another origin: a path alone would end there.
 */
export function pageURL(path: string): string {
  return new URL(path, window.location.origin).href;
}

/**
 * Loads a page anew. It is for the moment when somebody else is signed in than before: nothing that was kept in
 * memory for them, such as prefetched pages and tokens, may stay.
 */
export function loadPage(path: string): Promise<void> {
  window.location.replace(path);
  return left();
}

/** Ends when this page is shown again, if it ever is. A form that waits for it stays busy until the next one is there. */
export function left(): Promise<void> {
  return new Promise((resolve) => window.addEventListener("pageshow", () => resolve(), { once: true }));
}
