"use client";

import { askAPI } from "@/lib/ask";
import type { Problem } from "@/lib/problem";
import { addTask, deleteTask, saveTask, type Task } from "@/lib/tasks";
import { useTaskPages } from "./use-task-pages";

/** What became of a change: nothing is returned when it is done. */
type Change = Promise<Problem | undefined>;

export interface Tasks {
  /** Undefined until they are loaded. */
  tasks?: Task[];
  /** Why they could not be loaded. */
  problem?: Problem;
  reload: () => void;
  /** There are older ones that `loadMore` would bring. */
  more: boolean;
  loadMore: () => Change;
  add: (title: string) => Change;
  save: (task: Task) => Change;
  remove: (task: Task) => Change;
}

/** The user's tasks, and the ways to change them. The list shows a change once the API has it. */
export function useTasks(): Tasks {
  const { setTasks, ...pages } = useTaskPages();

  async function add(title: string) {
    const { data, problem } = await askAPI(() => addTask(title));
    if (!data) return problem;
    if (pages.tasks) setTasks((now = []) => [data, ...now]);
    else pages.reload(); // the list on its way may be older than the task
  }
  async function save(task: Task) {
    const { data, problem } = await askAPI(() => saveTask(task));
    if (!data) return problem;
    setTasks((now = []) => now.map((one) => (one.id === data.id ? data : one)));
  }
  async function remove({ id }: Task) {
    const { problem } = await askAPI(() => deleteTask(id));
    if (problem) return problem;
    setTasks((now = []) => now.filter((one) => one.id !== id));
  }
  return { ...pages, add, save, remove };
}
