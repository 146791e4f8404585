/** Adds a task at the dashboard and waits until it is in the list. */
export async function addTask(visitor, title) {
  await visitor.fill("New task", title);
  await visitor.press("Add task");
  await visitor.sees(title);
}
