"use client";

import { Field } from "@/components/form/field";
import { Form } from "@/components/form/form";
import { api } from "@/lib/api-client";
import { askAPI } from "@/lib/ask";
import { text } from "@/lib/form-data";

/** Posts to an endpoint that takes five messages a minute, so that a limit can be seen. */
export function MessageForm() {
  async function send(values: FormData) {
    const { problem } = await askAPI(() => api.post("/messages", { text: text(values, "text") }));
    return problem ? { problem } : { done: "Your message is sent." };
  }

  return (
    <Form submit="Send message" send={send}>
      <p>The API takes five messages a minute. Send a sixth to see what it says.</p>
      <Field label="Message" name="text" required pattern=".*\S.*" maxLength={500} autoComplete="off" />
    </Form>
  );
}
