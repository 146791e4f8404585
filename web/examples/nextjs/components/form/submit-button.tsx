"use client";

import { useSyncExternalStore, type ReactNode } from "react";

/** How much a button stands out. */
export type Look = "primary" | "plain" | "danger";

interface Props {
  pending: boolean;
  look: Look;
  children: ReactNode;
}

/**
 * The button of a form. It waits for its script: until then a click could only load the page anew. While the form is
 * being sent it stays focusable, since a disabled button would lose its place to people who use a keyboard.
 */
export function SubmitButton({ pending, look, children }: Props) {
  const ready = useHydrated();
  return (
    <button type="submit" className={look} disabled={!ready} aria-disabled={pending}>
      {children}
      {pending && <span className="spinner" aria-hidden="true" />}
    </button>
  );
}

/** Whether scripts run: not on the server, and not before React has taken over the page. */
export function useHydrated(): boolean {
  return useSyncExternalStore(neverChanges, () => true, () => false);
}

function neverChanges() {
  return () => {};
}
