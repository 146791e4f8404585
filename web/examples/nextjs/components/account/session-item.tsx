"use client";

import { useState, useTransition } from "react";
import { deviceName } from "@/lib/device";
import type { Problem } from "@/lib/problem";
import type { SessionRow } from "./use-sessions";

interface Props {
  session: SessionRow;
  current: boolean;
  end: (session: SessionRow) => Promise<Problem | undefined>;
}

export function SessionItem({ session, current, end }: Props) {
  const [problem, setProblem] = useState<Problem>();
  const [pending, startTransition] = useTransition();
  const device = deviceName(session.userAgent);

  function revoke() {
    if (!pending) startTransition(async () => setProblem(await end(session)));
  }

  return (
    <li aria-busy={pending}>
      <div className="row">
        <div>
          <strong>{device}</strong> {current && <span className="badge">This device</span>}
          <p className="hint">
            {session.ipAddress || "Unknown address"}, signed in on {dayOf(session.createdAt)}
          </p>
        </div>
        {!current && (
          <button type="button" onClick={revoke}>
            Sign out<span className="visually-hidden"> {device}</span>
          </button>
        )}
      </div>
      <p role="alert">{problem && <span className="problem">{problem.message}</span>}</p>
    </li>
  );
}

function dayOf(time: Date | string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
