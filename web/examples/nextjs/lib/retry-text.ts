/** What to say to somebody who asked too often and has to wait for so many seconds. */
export function retryText(seconds: number | null | undefined): string {
  return `Too many requests. Try again ${wait(seconds)}.`;
}

function wait(seconds: number | null | undefined): string {
  if (seconds == null || !Number.isFinite(seconds)) return "in a moment";
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole === 1) return "in 1 second";
  if (whole < 120) return `in ${whole} seconds`;
  return `in ${Math.ceil(whole / 60)} minutes`;
}
