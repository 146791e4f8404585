import { useState } from "react";
import { createRoot } from "react-dom/client";
import { jwtClient } from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

// Where the identity server and the API are; the test puts them into the address,
// and a reset link its token.
const { auth, api, token } = Object.fromEntries(new URLSearchParams(location.search));
const authClient = createAuthClient({ baseURL: auth, plugins: [jwtClient()] });

/** Calls the API as the signed-in user. */
async function askAPI() {
  const { data, error } = await authClient.token();
  if (error) return `no token: ${error.status}`;
  const response = await fetch(`${api}/profile`, { headers: { authorization: `Bearer ${data.token}` } });
  return `${response.status} ${await response.text()}`;
}

function App() {
  const { data: session, isPending } = authClient.useSession();
  const [notice, setNotice] = useState("");
  const [answer, setAnswer] = useState("");
  if (isPending) return <p>Just a moment.</p>;

  const submit = async (event) => {
    event.preventDefault();
    const person = Object.fromEntries(new FormData(event.target));
    const { email } = event.nativeEvent.submitter.value === "sign-up" ? authClient.signUp : authClient.signIn;
    try {
      const { error } = await email(person, {
        onSuccess: ({ response }) => setNotice(`header: ${response.headers.get("set-auth-token")}`),
      });
      if (error) setNotice(`refused: ${error.code}`);
    } catch {
      setNotice("refused: no answer");
    }
  };

  const setPassword = async (event) => {
    event.preventDefault();
    const { newPassword } = Object.fromEntries(new FormData(event.target));
    const { error } = await authClient.resetPassword({ newPassword, token });
    setNotice(error ? `refused: ${error.code}` : "The password is set");
  };

  return (
    <main>
      <p id="session">{session ? `Signed in as ${session.user.email}` : "Signed out"}</p>
      <form onSubmit={submit}>
        <input name="name" placeholder="Name" />
        <input name="email" placeholder="E-mail" />
        <input name="password" type="password" placeholder="Password" />
        <button value="sign-up">Sign up</button>
        <button value="sign-in">Sign in</button>
      </form>
      {token && (
        <form onSubmit={setPassword}>
          <input name="newPassword" type="password" placeholder="New password" />
          <button>Set password</button>
        </form>
      )}
      <button onClick={() => authClient.signOut()}>Sign out</button>
      <button onClick={async () => setAnswer(await askAPI())}>Ask the API</button>
      <p id="notice">{notice}</p>
      <p id="answer">{answer}</p>
    </main>
  );
}

createRoot(document.getElementById("root")).render(<App />);
