import { api } from "./api-client";

/** A task as the API gives it. */
export interface Task {
  id: string;
  title: string;
  done: boolean;
  created_at: string;
}

/** How many tasks the API gives at once. */
export const pageSize = 100;

/** Tasks of the signed-in user, newest first, without the first few. The API knows whose from the token. */
export async function listTasks(offset: number, signal?: AbortSignal): Promise<Task[]> {
  return (await api.get<{ tasks: Task[] }>(`/tasks?limit=${pageSize}&offset=${offset}`, { signal })).tasks;
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
