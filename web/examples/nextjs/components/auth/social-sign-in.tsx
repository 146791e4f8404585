"use client";

import { useState, useTransition } from "react";
import { ActionButton } from "@/components/form/action-button";
import type { Problem } from "@/lib/problem";
import type { SocialProvider } from "@/lib/social-providers";
import { signInWith } from "@/lib/social-sign-in";

interface Props {
  providers: SocialProvider[];
  /** Whether it is said that an account is wanted, which some servers ask for. */
  requestSignUp?: boolean;
}

/** A button for each site that one can sign in with; nothing where there is none. */
export function SocialSignIn({ providers, requestSignUp }: Props) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState<string>();
  const [pending, startTransition] = useTransition();

  function begin(provider: SocialProvider) {
    if (pending) return;
    setProblem(undefined);
    setBusy(provider.id);
    startTransition(async () => setProblem(await signInWith(provider, requestSignUp)));
  }

  if (!providers.length) return null;
  return (
    <div role="group" aria-label="With another account" className="choices">
      <p className="or" aria-hidden="true">
        or
      </p>
      {providers.map((provider) => (
        <ActionButton key={provider.id} pending={pending && busy === provider.id} act={() => begin(provider)}>
          Continue with {provider.name}
        </ActionButton>
      ))}
      <div role="alert">{problem && <p className="message problem">{problem.message}</p>}</div>
    </div>
  );
}
