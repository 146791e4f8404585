import { problemOfCode } from "@/lib/problem";

/** Why a mailed link did not work, out of the code that it came back with. */
export function LinkProblem({ code }: { code: string }) {
  return (
    <p className="message problem" role="alert">
      {problemOfCode(code).message}
    </p>
  );
}
