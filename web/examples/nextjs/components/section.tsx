import { useId, type ReactNode } from "react";

/** A part of a page under a heading of its own. */
export function Section({ title, danger, children }: { title: string; danger?: boolean; children: ReactNode }) {
  const id = useId();
  return (
    <section className={danger ? "card card-danger" : "card"} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
