"use client";

import { useState, useTransition } from "react";
import { ActionButton } from "@/components/form/action-button";
import type { Problem } from "@/lib/problem";

interface Props {
  name: string;
  hint?: string;
  /** What the button says that it does. */
  action: string;
  act: () => Promise<Problem | undefined>;
}

export function LoginMethodItem({ name, hint, action, act }: Props) {
  const [problem, setProblem] = useState<Problem>();
  const [pending, startTransition] = useTransition();

  function press() {
    if (pending) return;
    setProblem(undefined);
    startTransition(async () => setProblem(await act()));
  }

  return (
    <li aria-busy={pending}>
      <div className="row">
        <div>
          <strong>{name}</strong>
          {hint && <p className="hint">{hint}</p>}
        </div>
        <ActionButton pending={pending} act={press}>
          {action}
          <span className="visually-hidden"> {name}</span>
        </ActionButton>
      </div>
      <p role="alert">{problem && <span className="problem">{problem.message}</span>}</p>
    </li>
  );
}
