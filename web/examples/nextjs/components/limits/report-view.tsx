"use client";

import { useState } from "react";
import { Form } from "@/components/form/form";
import { api } from "@/lib/api-client";
import { askAPI } from "@/lib/ask";

interface Report {
  open: number;
  done: number;
}

/** Asks an endpoint whose limit depends on the role, which the API reads from the token. */
export function ReportView({ role }: { role: string }) {
  const [report, setReport] = useState<Report>();

  async function load() {
    const { data, problem } = await askAPI(() => api.get<Report>("/reports"));
    if (problem) return { problem };
    setReport(data);
    return { done: "The report is up to date." };
  }

  return (
    <>
      <p>
        Your role is <strong>{role}</strong>. Premium users may ask a hundred times a minute, others ten times.
      </p>
      {report && (
        <dl>
          <dt>Open tasks</dt>
          <dd>{report.open}</dd>
          <dt>Done</dt>
          <dd>{report.done}</dd>
        </dl>
      )}
      <Form submit="Load report" send={load} />
    </>
  );
}
