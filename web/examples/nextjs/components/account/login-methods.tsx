"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { ask } from "@/lib/ask";
import { authClient } from "@/lib/auth-client";
import type { LoginMethod } from "@/lib/session";
import { nameOf, type SocialProvider } from "@/lib/social-providers";
import { addMethod } from "@/lib/social-sign-in";
import { LoginMethodItem } from "./login-method-item";

interface Props {
  methods: LoginMethod[];
  /** The sites that can be added. */
  providers: SocialProvider[];
}

/** The ways in which the user can sign in, and those that could be added. The server keeps the last one. */
export function LoginMethods({ methods, providers }: Props) {
  const router = useRouter();
  const [said, setSaid] = useState("");
  const place = useRef<HTMLDivElement>(null);

  async function remove(accountId: string, name: string) {
    const { problem } = await ask((options) => authClient.unlinkAccount({ accountId }, options));
    if (problem) return problem;
    setSaid(`${name} is removed.`);
    place.current?.focus(); // the button that was pressed goes away
    router.refresh();
  }

  const missing = providers.filter(({ id }) => !methods.some(({ providerId }) => providerId === id));
  return (
    <>
      <div role="status" tabIndex={-1} ref={place}>
        {said && <p className="message done">{said}</p>}
      </div>
      <ul className="rows">
        {methods.map(({ id, providerId }) => {
          const name = nameOf(providerId, providers);
          return <LoginMethodItem key={id} name={name} action="Remove" act={() => remove(id, name)} />;
        })}
        {missing.map(({ id, name }) => (
          <LoginMethodItem key={id} name={name} action="Add" hint="Not added yet" act={() => addMethod(id)} />
        ))}
      </ul>
    </>
  );
}
