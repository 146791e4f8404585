"use client";

import { useCallback, useEffect, useState } from "react";
import { ask } from "@/lib/ask";
import { authClient, type Session } from "@/lib/auth-client";
import type { Problem } from "@/lib/problem";

export type SessionRow = Session["session"];

/** The sessions of the user, read anew when the one of this browser has changed. */
export function useSessions(current: string) {
  const [sessions, setSessions] = useState<SessionRow[]>();
  const [problem, setProblem] = useState<Problem>();

  const reload = useCallback(async () => {
    const { data, problem } = await ask((options) => authClient.listSessions({ fetchOptions: options }));
    if (data) setSessions(data);
    setProblem(problem);
  }, []);

  useEffect(() => {
    void reload();
  }, [current, reload]);

  async function revoke({ token }: SessionRow) {
    const { problem } = await ask((options) => authClient.revokeSession({ token, fetchOptions: options }));
    if (!problem) await reload();
    return problem;
  }
  async function revokeOthers() {
    const { problem } = await ask((options) => authClient.revokeOtherSessions({ fetchOptions: options }));
    if (!problem) await reload();
    return problem;
  }
  return { sessions, problem, reload, revoke, revokeOthers };
}
