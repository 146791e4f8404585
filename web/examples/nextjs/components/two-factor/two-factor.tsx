"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { BackupCodes } from "./backup-codes";
import { Manage } from "./manage";
import { SetUp, type Enrolment } from "./set-up";
import { Start } from "./start";

/** Two-factor sign-in: password, secret for the app, first code, backup codes; later new codes, or the way out. */
export function TwoFactor({ enabled, email }: { enabled: boolean; email: string }) {
  const router = useRouter();
  const place = useRef<HTMLDivElement>(null);
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [codes, setCodes] = useState<string[]>();

  function confirmed({ backupCodes }: Enrolment) {
    setCodes(backupCodes);
    router.refresh();
  }
  /** Back to the beginning, with the keyboard too: the button that was pressed goes away. */
  function restart() {
    setEnrolment(undefined);
    setCodes(undefined);
    place.current?.focus();
    router.refresh();
  }

  function step() {
    if (codes) return <BackupCodes codes={codes} close={restart} />;
    if (enrolment) return <SetUp enrolment={enrolment} confirmed={confirmed} cancel={restart} />;
    if (enabled) return <Manage email={email} showCodes={setCodes} disabled={restart} />;
    return <Start email={email} started={setEnrolment} />;
  }
  return (
    <div ref={place} tabIndex={-1}>
      {step()}
    </div>
  );
}
