package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// printedApp is what docs/migrate/print-options.mjs prints of an app.
const printedApp = `{"sallyport":1,"options":{
	"baseURL":"https://auth.example.com","secret":{"$env":"BETTER_AUTH_SECRET"},
	"database":{"$instance":"BoundPool","kind":"postgres","url":{"$env":"DATABASE_URL"}},
	"emailAndPassword":{"enabled":true,"sendResetPassword":{"$function":"sendResetPassword"}},
	"hooks":{"before":{"$function":"before"}},
	"plugins":[{"id":"jwt","options":{}}]}}`

func (o *operator) file(name, text string) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *operator) read(name string) string {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.dir, name))
	if err != nil {
		o.t.Fatal(err)
	}
	return string(text)
}

func TestConfigImportWritesAFileThatServes(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.file("options.json", printedApp)
	r := o.run("config", "import", "options.json").exits(0)
	says(t, r.stderr, "wrote sallyport.yaml", "set BETTER_AUTH_SECRET in the environment, for secret",
		"not carried over: hooks.before cannot be honoured here; put a proxy in front of this server")
	if r.stdout != "" {
		t.Errorf("stdout holds %q", r.stdout)
	}
	o.file("sallyport.yaml", strings.ReplaceAll(o.read("sallyport.yaml"), "# messaging:\n#   from: Acme <no-reply@example.com>\n", "messaging: {webhook: {url: http://127.0.0.1:9, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}}\n"))
	o.run("migrate", "up").exits(0)
	says(t, o.run("check").exits(0).stdout, "ok")
}

func TestConfigImportOverwritesNothing(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.file("options.json", printedApp)
	o.configure("# mine\n")
	says(t, o.run("config", "import", "options.json").exits(exitFailed).complaint(), "sallyport.yaml is there already: move it away first")
	if text := o.read("sallyport.yaml"); text != "# mine\n" {
		t.Errorf("the file holds %q", text)
	}
	o.run("config", "import", "options.json", "--out", "other.yaml").exits(0)
	says(t, o.read("other.yaml"), "sendResetPassword: true")
	says(t, o.run("config", "import", "options.json", "--out", "-").exits(0).stdout, "sendResetPassword: true", "# hooks.before cannot be honoured here")
}

func TestConfigImportCanBeStrict(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.file("options.json", printedApp)
	r := o.run("config", "import", "options.json", "--strict").exits(exitFailed)
	says(t, r.stderr, "sallyport: not everything was carried over", "not carried over: hooks.before")
	says(t, o.read("sallyport.yaml"), "sendResetPassword: true")
	o.file("whole.json", `{"sallyport":1,"options":{}}`)
	o.run("config", "import", "whole.json", "--strict", "--out", "whole.yaml").exits(0)
}

func TestConfigImportWritesSecretsWhenAskedTo(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.file("options.json", `{"sallyport":1,"options":{"secret":"a-secret-of-the-app-0123456789-ABCDEF"}}`)
	if text := o.run("config", "import", "options.json", "--out", "-").exits(0).stdout; strings.Contains(text, "a-secret") {
		t.Errorf("the secret was written:\n%s", text)
	}
	says(t, o.run("config", "import", "options.json", "--out", "-", "--with-secrets").exits(0).stdout, "secret: a-secret-of-the-app-0123456789-ABCDEF")
}

func TestConfigImportNamesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.file("auth.ts", "export const auth = betterAuth({})")
	says(t, o.run("config", "import", "auth.ts").exits(exitFailed).complaint(), "auth.ts is not JSON: byte 1")
	says(t, o.run("config", "import", "none.json").exits(exitFailed).complaint(), "open none.json: no such file")
	says(t, o.run("config", "import", "-").exits(exitFailed).complaint(), "standard input is empty")
	if _, err := os.Stat(filepath.Join(o.dir, "sallyport.yaml")); err == nil {
		t.Error("a file was written")
	}
}
