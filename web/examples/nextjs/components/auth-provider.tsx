"use client";

import { useRouter } from "next/navigation";
import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from "react";
import { authClient, type Session, type User } from "@/lib/auth-client";
import { accessTokens } from "@/lib/page-token";

type SessionState = ReturnType<typeof authClient.useSession>;

/** Who is signed in. `user` is null while `isPending`, when nobody is, and when `error` says why it is not known. */
export type Auth = Pick<SessionState, "isPending" | "error" | "refetch"> & {
  user: User | null;
  session: Session["session"] | null;
  signOut: typeof signOut;
};

const AuthContext = createContext<Auth | null>(null);

/** Keeps the session for all components below, and the token of the page in step with it. */
export function AuthProvider({ children }: { children: ReactNode }) {
  const { data, isPending, error, refetch } = authClient.useSession();
  const userId = data?.user.id;
  const known = useRef(false);
  const router = useRouter();
  useEffect(() => {
    if (userId) {
      known.current = true;
      accessTokens.belongTo(userId);
    } else if (!isPending && !error) {
      accessTokens.forget();
      if (known.current) router.refresh(); // signed out, perhaps in another tab: a page for members has to go
    }
  }, [userId, isPending, error, router]);

  const auth = useMemo(
    () => ({ user: data?.user ?? null, session: data?.session ?? null, isPending, error, refetch, signOut }),
    [data, isPending, error, refetch],
  );
  return <AuthContext value={auth}>{children}</AuthContext>;
}

/** The session of the page, in client components. */
export function useAuth(): Auth {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error("useAuth needs an AuthProvider around it.");
  return auth;
}

/** Ends the session. The caller then loads another page, so that nothing of this one stays in memory. */
async function signOut(...options: Parameters<typeof authClient.signOut>) {
  const result = await authClient.signOut(...options);
  if (!result.error) accessTokens.forget();
  return result;
}
