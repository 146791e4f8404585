"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useAuth } from "./auth-provider";
import { SignOutButton } from "./sign-out-button";

export function SiteHeader() {
  return (
    <header>
      <Link href="/" className="brand">
        Tasks
      </Link>
      <nav aria-label="Main">
        <Entries />
      </nav>
    </header>
  );
}

function Entries() {
  const { user, isPending, error, refetch } = useAuth();
  if (user) {
    return (
      <>
        <Entry href="/dashboard">Dashboard</Entry>
        <Entry href="/account">Account</Entry>
        <SignOutButton />
      </>
    );
  }
  if (isPending) return null;
  if (error) {
    return (
      <button type="button" onClick={() => void refetch()}>
        No connection: try again
      </button>
    );
  }
  return (
    <>
      <Entry href="/sign-in">Sign in</Entry>
      <Entry href="/sign-up">Sign up</Entry>
    </>
  );
}

function Entry({ href, children }: { href: string; children: string }) {
  const here = usePathname() === href;
  return (
    <Link href={href} aria-current={here ? "page" : undefined}>
      {children}
    </Link>
  );
}
