"use client";

import type { ReactNode } from "react";
import { useHydrated } from "./submit-button";

interface Props {
  pending: boolean;
  act: () => void;
  children: ReactNode;
}

/** A button outside of a form that takes its time. It waits for its script, too, and stays focusable meanwhile. */
export function ActionButton({ pending, act, children }: Props) {
  const ready = useHydrated();
  return (
    <button type="button" onClick={act} disabled={!ready} aria-disabled={pending}>
      {children}
      {pending && <span className="spinner" aria-hidden="true" />}
    </button>
  );
}
