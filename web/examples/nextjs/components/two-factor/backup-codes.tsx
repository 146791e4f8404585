"use client";

import { useState } from "react";
import { focusOnMount } from "@/components/focus";

/** Shows backup codes, this once: the server keeps them enciphered, and this page forgets them. */
export function BackupCodes({ codes, close }: { codes: string[]; close: () => void }) {
  const [copied, setCopied] = useState("");

  async function copy() {
    try {
      await navigator.clipboard.writeText(codes.join("\n"));
      setCopied("Copied.");
    } catch {
      setCopied("The browser did not allow it. Select the codes and copy them."); // not https, or refused by the user
    }
  }

  return (
    <>
      <p className="message done" role="status" tabIndex={-1} ref={focusOnMount}>
        Two-factor is on. These are your backup codes. Each lets you in once when you do not have your app. Keep them in
        a safe place: they are not shown again.
      </p>
      <ul className="codes" aria-label="Backup codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="buttons">
        <button type="button" className="primary" onClick={close}>
          I have kept them
        </button>
        <button type="button" onClick={copy}>
          Copy the codes
        </button>
      </div>
      <p role="status">{copied}</p>
    </>
  );
}
