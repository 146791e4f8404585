/** In the place of something that could not be loaded: why, and a button that tries again. */
export function LoadProblem({ message, reload }: { message: string; reload: () => void }) {
  return (
    <div role="alert" className="message problem">
      <p>{message}</p>
      <button type="button" onClick={reload}>
        Load again
      </button>
    </div>
  );
}
