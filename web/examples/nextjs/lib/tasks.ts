import { api } from "./api-client";

/** A task as the API gives it. */
export interface Task {
  id: string;
  title: string;
  done: boolean;
  created_at: string;
}

/** The tasks of the signed-in user, newest first. The API knows whose from the token. */
export async function listTasks(signal: AbortSignal): Promise<Task[]> {
  return (await api.get<{ tasks: Task[] }>("/tasks", { signal })).tasks;
}

export function addTask(title: string): Promise<Task> {
  return api.post<Task>("/tasks", { title });
}

export function saveTask({ id, title, done }: Task): Promise<Task> {
  return api.put<Task>(`/tasks/${id}`, { title, done });
}

export function deleteTask(id: string): Promise<void> {
  return api.delete(`/tasks/${id}`);
}
