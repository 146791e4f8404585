"use client";

import { createContext, useContext, useEffect, useRef, useState, useTransition } from "react";
import type { FormEvent, ReactNode, RefObject } from "react";
import type { Problem } from "@/lib/problem";
import { SubmitButton, type Look } from "./submit-button";

/** How a submission ended: with a problem, or done, with something to say or not. */
export interface Outcome {
  problem?: Problem;
  done?: string;
}

const FormProblem = createContext<Problem | undefined>(undefined);

/** The problem that the form around has with the field of that name. */
export function useFieldProblem(name: string): Problem | undefined {
  const problem = useContext(FormProblem);
  return problem?.field === name ? problem : undefined;
}

interface Props {
  /** Sends the values. What it returns is shown; an exception goes to the error page. */
  send: (values: FormData) => Promise<Outcome | void>;
  submit: string;
  look?: Look;
  /** Adds a button that gives up. */
  cancel?: () => void;
  /** The values stay in the form after it was sent. Else it is emptied, passwords above all. */
  keepValues?: boolean;
  children?: ReactNode;
}

/** A form that is sent once at a time, and says in its own place how that ended. */
export function Form({ send, submit, look = "primary", cancel, keepValues, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [outcome, setOutcome] = useState<Outcome>({});
  const [pending, startTransition] = useTransition();
  useFocusOnProblem(form, outcome);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const element = event.currentTarget;
    setOutcome({});
    startTransition(async () => {
      const ended = (await send(new FormData(element))) ?? {};
      setOutcome(withOwnField(element, ended));
      if (!ended.problem && !keepValues) element.reset();
    });
  }

  const { problem, done } = outcome;
  return (
    // Were it sent before its script is there, "post" would keep its values out of the address.
    <form ref={form} method="post" onSubmit={onSubmit} aria-busy={pending}>
      <FormProblem value={problem}>{children}</FormProblem>
      <div role="alert" tabIndex={-1} data-form-problem>
        {problem && !problem.field && <p className="message problem">{problem.message}</p>}
      </div>
      <div className="buttons">
        <SubmitButton pending={pending} look={look}>
          {submit}
        </SubmitButton>
        {cancel && (
          <button type="button" onClick={cancel}>
            Cancel
          </button>
        )}
      </div>
      <div role="status">{done && !pending && <p className="message done">{done}</p>}</div>
    </form>
  );
}

/** A problem with a field that this form does not have is one of the whole form. */
function withOwnField(form: HTMLFormElement, outcome: Outcome): Outcome {
  const field = outcome.problem?.field;
  if (!outcome.problem || !field || form.elements.namedItem(field)) return outcome;
  return { problem: { ...outcome.problem, field: undefined } };
}

function useFocusOnProblem(form: RefObject<HTMLFormElement | null>, outcome: Outcome) {
  useEffect(() => {
    if (!outcome.problem) return;
    const place = outcome.problem.field ? "[aria-invalid=true]" : "[data-form-problem]";
    form.current?.querySelector<HTMLElement>(place)?.focus();
  }, [form, outcome]);
}
