/** The text of a field, or "" if the form has none of that name. */
export function text(values: FormData, name: string): string {
  const value = values.get(name);
  return typeof value === "string" ? value : "";
}

/** Whether the checkbox of that name is ticked. */
export function ticked(values: FormData, name: string): boolean {
  return values.has(name);
}
