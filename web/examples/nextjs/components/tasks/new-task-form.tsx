import { Field } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { text } from "@/lib/form-data";
import type { Tasks } from "./use-tasks";

export function NewTaskForm({ add }: Pick<Tasks, "add">) {
  async function send(values: FormData) {
    return { problem: await add(text(values, "title").trim()) };
  }

  return (
    <Form submit="Add task" send={send}>
      <Field label="New task" name="title" required pattern=".*\S.*" maxLength={500} autoComplete="off" />
    </Form>
  );
}
