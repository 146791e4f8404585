"use client";

import { usePathname } from "next/navigation";
import { useEffect, useRef, type ReactNode } from "react";

// The page that the browser loaded, for as long as it is the only one that was shown.
let first: string | undefined;
let moved = false;

/**
 * The heading of a page. It takes the focus after each navigation within the application, so that the next Tab and a
 * screen reader go on from there. The first page needs no help: the browser begins at its top.
 */
export function PageHeading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const path = usePathname();
  useEffect(() => {
    first ??= path;
    moved ||= path !== first;
    if (moved) heading.current?.focus();
  }, [path]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
