import type { KeyboardEvent } from "react";
import { Field } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { text } from "@/lib/form-data";
import type { Task } from "@/lib/tasks";
import type { Tasks } from "./use-tasks";

interface Props extends Pick<Tasks, "save"> {
  task: Task;
  close: () => void;
}

/** Takes the place of a task while it is renamed. */
export function TaskTitleForm({ task, save, close }: Props) {
  async function send(values: FormData) {
    const problem = await save({ ...task, title: text(values, "title").trim() });
    if (problem) return { problem };
    close();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") close();
  }

  return (
    <li onKeyDown={onKeyDown}>
      <Form submit="Save" cancel={close} keepValues send={send}>
        <Field
          label="Title"
          name="title"
          defaultValue={task.title}
          autoFocus
          required
          pattern=".*\S.*"
          maxLength={500}
          autoComplete="off"
        />
      </Form>
    </li>
  );
}
