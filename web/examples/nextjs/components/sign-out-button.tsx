"use client";

import { useState, useTransition } from "react";
import { ask } from "@/lib/ask";
import { loadPage } from "@/lib/navigate";
import type { Problem } from "@/lib/problem";
import { useAuth } from "./auth-provider";

export function SignOutButton() {
  const { signOut } = useAuth();
  const [problem, setProblem] = useState<Problem>();
  const [pending, startTransition] = useTransition();

  function end() {
    if (pending) return;
    startTransition(async () => {
      const { problem } = await ask((options) => signOut({ fetchOptions: options }));
      if (!problem) await loadPage("/sign-in?notice=signed-out");
      setProblem(problem);
    });
  }

  return (
    <div>
      <button type="button" onClick={end} aria-disabled={pending}>
        Sign out
      </button>
      <span role="alert" className="problem">
        {problem?.message}
      </span>
    </div>
  );
}
