"use client";

import { useEffect, useState } from "react";
import { askAPI } from "@/lib/ask";
import type { Problem } from "@/lib/problem";
import { listTasks, pageSize, type Task } from "@/lib/tasks";

/** The tasks as far as they are loaded, and the ways to load what is missing. */
export function useTaskPages() {
  const [tasks, setTasks] = useState<Task[]>();
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const [round, setRound] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    loadFirst(controller.signal).then((loaded) => {
      if (!loaded) return;
      setTasks(loaded.data);
      setMore(loaded.data?.length === pageSize);
      setProblem(loaded.problem);
    });
    return () => controller.abort();
  }, [round]);

  function reload() {
    setProblem(undefined);
    setRound((now) => now + 1);
  }
  async function loadMore() {
    const { data, problem } = await askAPI(() => listTasks(tasks?.length ?? 0));
    if (!data) return problem;
    setTasks((now = []) => withoutRepeats([...now, ...data]));
    setMore(data.length === pageSize);
  }
  return { tasks, setTasks, more, problem, reload, loadMore };
}

/** Nothing, if the page was left in the meantime. */
async function loadFirst(signal: AbortSignal) {
  try {
    return await askAPI(() => listTasks(0, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Tasks that were added elsewhere push others onto the next page a second time. */
function withoutRepeats(tasks: Task[]): Task[] {
  return [...new Map(tasks.map((task) => [task.id, task])).values()];
}
