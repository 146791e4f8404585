/** What Next.js gives a page of its address. */
export type SearchParams = Promise<Record<string, string | string[] | undefined>>;

/** A parameter that is there once; one that is repeated counts as missing. */
export function single(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
