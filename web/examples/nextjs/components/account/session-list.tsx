"use client";

import { useRef, useState } from "react";
import { Form } from "@/components/form/form";
import { LoadProblem } from "@/components/load-problem";
import { SessionItem } from "./session-item";
import { useSessions, type SessionRow } from "./use-sessions";

/** Where the user is signed in; `current` is the session of this browser. */
export function SessionList({ current }: { current: string }) {
  const { sessions, problem, reload, revoke, revokeOthers } = useSessions(current);
  const [said, setSaid] = useState("");
  const place = useRef<HTMLDivElement>(null);

  async function end(session: SessionRow) {
    const problem = await revoke(session);
    if (problem) return problem;
    setSaid("That device is signed out.");
    place.current?.focus(); // the button that was pressed is gone
  }
  async function endOthers() {
    const problem = await revokeOthers();
    return problem ? { problem } : { done: "You are signed out everywhere else." };
  }

  if (problem) return <LoadProblem message={problem.message} reload={reload} />;
  if (!sessions) return <p role="status">Loading your sessions …</p>;
  const others = sessions.filter(({ id }) => id !== current);
  const own = sessions.filter(({ id }) => id === current);
  return (
    <>
      <div role="status" tabIndex={-1} ref={place}>
        {said && <p className="message done">{said}</p>}
      </div>
      <ul className="rows">
        {[...own, ...others].map((session) => (
          <SessionItem key={session.id} session={session} current={session.id === current} end={end} />
        ))}
      </ul>
      <Form submit="Sign out everywhere else" look="plain" send={endOthers} />
    </>
  );
}
