"use client";

import Link from "next/link";
import { useAuth } from "./auth-provider";

/** The way on from the welcome page, for those who are signed in and those who are not. */
export function WelcomeLinks() {
  const { user } = useAuth();
  if (user) {
    return (
      <p className="buttons">
        <Link href="/dashboard" className="button primary">
          Go to your tasks
        </Link>
      </p>
    );
  }
  return (
    <p className="buttons">
      <Link href="/sign-up" className="button primary">
        Create an account
      </Link>
      <Link href="/sign-in" className="button">
        Sign in
      </Link>
    </p>
  );
}
