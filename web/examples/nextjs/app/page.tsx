export default function Page() {
  return <h1>Tasks</h1>;
}
