import type { Metadata } from "next";
import { MessageForm } from "@/components/limits/message-form";
import { ReportView } from "@/components/limits/report-view";
import { PageHeading } from "@/components/page-heading";
import { Section } from "@/components/section";
import { TaskBoard } from "@/components/tasks/task-board";
import { requireSession } from "@/lib/session";

export const metadata: Metadata = { title: "Dashboard" };

export default async function DashboardPage() {
  const { user } = await requireSession("/dashboard");
  return (
    <>
      <PageHeading>Dashboard</PageHeading>
      <p>Signed in as {user.name}.</p>
      <TaskBoard />
      <Section title="Messages">
        <MessageForm />
      </Section>
      <Section title="Report">
        <ReportView role={user.role ?? "user"} />
      </Section>
    </>
  );
}
