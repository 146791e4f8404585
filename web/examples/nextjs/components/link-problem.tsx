import { problemOfCode } from "@/lib/problem";

/** Why a mailed link, or another site, did not do what it should: out of the code that the browser came back with. */
export function LinkProblem({ code, otherwise }: { code: string; otherwise?: string }) {
  return (
    <p className="message problem" role="alert">
      {problemOfCode(code, otherwise).message}
    </p>
  );
}
