"use client";

import { useId, useOptimistic, useState, useTransition } from "react";
import type { Problem } from "@/lib/problem";
import type { Task } from "@/lib/tasks";
import { TaskTitleForm } from "./task-title-form";
import type { Tasks } from "./use-tasks";

interface Props extends Pick<Tasks, "save" | "remove"> {
  task: Task;
}

export function TaskItem({ task, save, remove }: Props) {
  const [done, setDone] = useOptimistic(task.done);
  const [problem, setProblem] = useState<Problem>();
  const [pending, startTransition] = useTransition();
  const [renaming, setRenaming] = useState<boolean>();
  const id = useId();

  if (renaming) return <TaskTitleForm task={task} save={save} close={() => setRenaming(false)} />;

  function change(run: () => Promise<Problem | undefined>) {
    if (!pending) startTransition(async () => setProblem(await run()));
  }
  function tick() {
    change(() => {
      setDone(!task.done);
      return save({ ...task, done: !task.done });
    });
  }

  return (
    <li aria-busy={pending}>
      <div className="row">
        <input type="checkbox" id={id} checked={done} onChange={tick} />
        <label htmlFor={id}>{task.title}</label>
        {/* Comes back into place with the focus on what opened it. */}
        <button type="button" autoFocus={renaming === false} onClick={() => setRenaming(true)}>
          Rename<span className="visually-hidden"> {task.title}</span>
        </button>
        <button type="button" onClick={() => change(() => remove(task))}>
          Delete<span className="visually-hidden"> {task.title}</span>
        </button>
      </div>
      <p role="alert">{problem && <span className="problem">{problem.message}</span>}</p>
    </li>
  );
}
