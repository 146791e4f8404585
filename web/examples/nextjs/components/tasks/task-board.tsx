"use client";

import { useId, useRef, useState } from "react";
import { Form } from "@/components/form/form";
import { LoadProblem } from "@/components/load-problem";
import type { Task } from "@/lib/tasks";
import { NewTaskForm } from "./new-task-form";
import { TaskItem } from "./task-item";
import { useTasks, type Tasks } from "./use-tasks";

export function TaskBoard() {
  const list = useTasks();
  const heading = useRef<HTMLHeadingElement>(null);
  const [deleted, setDeleted] = useState("");
  const id = useId();

  async function remove(task: Task) {
    const problem = await list.remove(task);
    if (problem) return problem;
    // The button that was pressed is gone; the keyboard goes on from the list's heading.
    setDeleted(`Deleted: ${task.title}`);
    heading.current?.focus();
  }

  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        Your tasks
      </h2>
      <p role="status" className="visually-hidden">
        {deleted}
      </p>
      <NewTaskForm add={list.add} />
      <Items {...list} remove={remove} />
    </section>
  );
}

function Items({ tasks, problem, reload, more, loadMore, save, remove }: Tasks) {
  if (problem) return <LoadProblem message={problem.message} reload={reload} />;
  if (!tasks) return <p role="status">Loading your tasks …</p>;
  if (tasks.length === 0) return <p className="empty">Nothing to do. Add your first task above.</p>;
  return (
    <>
      <ul className="rows">
        {tasks.map((task) => (
          <TaskItem key={task.id} task={task} save={save} remove={remove} />
        ))}
      </ul>
      {more && <Form submit="Show older tasks" look="plain" send={async () => ({ problem: await loadMore() })} />}
    </>
  );
}
