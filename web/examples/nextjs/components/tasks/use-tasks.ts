"use client";

import { useEffect, useState } from "react";
import { askAPI } from "@/lib/ask";
import type { Problem } from "@/lib/problem";
import { addTask, deleteTask, listTasks, saveTask, type Task } from "@/lib/tasks";

/** What became of a change: nothing is returned when it is done. */
type Change = Promise<Problem | undefined>;

export interface Tasks {
  /** Undefined until they are loaded. */
  tasks?: Task[];
  /** Why they could not be loaded. */
  problem?: Problem;
  reload: () => void;
  add: (title: string) => Change;
  save: (task: Task) => Change;
  remove: (task: Task) => Change;
}

/** The user's tasks, and the ways to change them. The list shows a change once the API has it. */
export function useTasks(): Tasks {
  const [tasks, setTasks] = useState<Task[]>();
  const [problem, setProblem] = useState<Problem>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then((loaded) => {
      if (!loaded) return;
      setTasks(loaded.data);
      setProblem(loaded.problem);
    });
    return () => controller.abort();
  }, [round]);

  const change = (update: (tasks: Task[]) => Task[]) => setTasks((now = []) => update(now));
  return {
    tasks,
    problem,
    reload() {
      setProblem(undefined);
      setRound(round + 1);
    },
    async add(title) {
      const { data, problem } = await askAPI(() => addTask(title));
      if (data) change((now) => [data, ...now]);
      return problem;
    },
    async save(task) {
      const { data, problem } = await askAPI(() => saveTask(task));
      if (data) change((now) => now.map((one) => (one.id === data.id ? data : one)));
      return problem;
    },
    async remove({ id }) {
      const { problem } = await askAPI(() => deleteTask(id));
      if (!problem) change((now) => now.filter((one) => one.id !== id));
      return problem;
    },
  };
}

/** Nothing, if the page was left in the meantime. */
async function load(signal: AbortSignal) {
  try {
    return await askAPI(() => listTasks(signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
