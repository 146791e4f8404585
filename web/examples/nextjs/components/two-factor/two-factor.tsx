"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { BackupCodes } from "./backup-codes";
import { Manage } from "./manage";
import { SetUp, type Enrolment } from "./set-up";
import { Start } from "./start";

/** Two-factor sign-in: password, secret for the app, first code, backup codes; later new codes, or the way out. */
export function TwoFactor({ enabled, email }: { enabled: boolean; email: string }) {
  const router = useRouter();
  const [enrolment, setEnrolment] = useState<Enrolment>();
  const [codes, setCodes] = useState<string[]>();

  function confirmed({ backupCodes }: Enrolment) {
    setEnrolment(undefined);
    setCodes(backupCodes);
    router.refresh();
  }

  if (codes) return <BackupCodes codes={codes} close={() => setCodes(undefined)} />;
  if (enrolment) return <SetUp enrolment={enrolment} confirmed={confirmed} cancel={() => setEnrolment(undefined)} />;
  if (enabled) return <Manage email={email} showCodes={setCodes} changed={() => router.refresh()} />;
  return <Start email={email} started={setEnrolment} />;
}
