"use client";

import { useId, type InputHTMLAttributes } from "react";
import { useFieldProblem } from "./form";

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  name: string;
  hint?: string;
}

/** An input with its label, a hint, and what is wrong with its value. */
export function Field({ label, name, hint, ...input }: Props) {
  const id = useId();
  const problem = useFieldProblem(name);
  const describedBy = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        name={name}
        aria-invalid={problem ? true : undefined}
        aria-describedby={describedBy || undefined}
      />
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="problem" role="alert">
          {problem.message}
        </p>
      )}
    </div>
  );
}
