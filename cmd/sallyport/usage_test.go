package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHelpListsTheCommands(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	for _, args := range [][]string{{}, {"--help"}, {"help"}} {
		r := o.run(args...).exits(0)
		says(t, r.stdout, "audit", "check", "config", "db", "healthcheck", "init", "keys", "mail", "migrate", "secret", "serve", "user", "version", "--config")
	}
}

func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	for line, want := range map[string]string{
		"serve":             "--migrate",
		"migrate":           "status",
		"migrate plan":      "touch nothing",
		"migrate up":        "--indexes",
		"migrate status":    "pending",
		"migrate uninstall": "Better Auth's tables stay",
		"check":             "--app-origin",
		"init":              "sallyport.yaml",
		"config":            "import",
		"config import":     "--strict",
		"keys":              "rotate",
		"keys list":         "signing keys",
		"keys rotate":       "--now",
		"keys retire":       "keys retire KID",
		"audit tail":        "--follow",
		"audit export":      "--since",
		"user":              "set-password",
		"user create":       "--password-stdin",
		"user list":         "--search",
		"user set-role":     "--role",
		"user set-password": "--revoke-sessions",
		"user import":       "--dry-run",
		"user export":       "--with-passwords",
		"mail test":         "--to",
		"mail preview":      "--locale",
		"secret generate":   "BETTER_AUTH_SECRET",
		"db install":        "Postgres bundle",
		"healthcheck":       "Exit 0",
		"version":           "contract",
	} {
		r := o.run(append(strings.Fields(line), "--help")...).exits(0)
		says(t, r.stdout, want, "Usage:")
	}
}

func TestMistakesInTheCommandLineAreUsage(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	for line, want := range map[string]string{
		"serv":                      `"serv" is not a command of "sallyport"; did you mean serve?`,
		"teapot":                    `"teapot" is not a command of "sallyport"`,
		"keys":                      "sallyport keys needs one of its commands",
		"keys lst":                  `"lst" is not a command of "sallyport keys"; did you mean list?`,
		"migrate uup":               "did you mean up?",
		"help teapot":               `"teapot" is not a command of "sallyport"`,
		"serve now":                 `sallyport serve takes no argument, got "now"`,
		"version 1":                 `sallyport version takes no argument, got "1"`,
		"config":                    "sallyport config needs one of its commands",
		"config import":             "sallyport config import takes exactly one argument: the file that the script printed, or - for standard input",
		"config improt x":           "did you mean import?",
		"keys retire":               "sallyport keys retire takes exactly one argument: the key's id",
		"keys retire a b":           "sallyport keys retire takes exactly one argument: the key's id",
		"audit":                     "sallyport audit needs one of its commands",
		"audit tail -n -1":          "-n takes a number from 0 on, got -1",
		"audit export --since soon": `--since "soon" is no time`,
		"audit export --event born": `--event "born" is no event`,
		"audit export ann":          "sallyport audit export takes no argument",
		"user":                      "sallyport user needs one of its commands",
		"user create":               "sallyport user create needs --email and --name",
		"user create --email a@b.c --name A --field x": `--field takes a name, once, and a value, as name=value, got "x"`,
		"user create --password x":                     "unknown flag: --password",
		"user create ann":                              "sallyport user create takes no argument",
		"user set-role --user a@b.c":                   "sallyport user set-role needs --user and --role",
		"user set-password":                            "sallyport user set-password needs --user",
		"user set-password --user a@b.c":               "sallyport user set-password reads the password with --password-stdin, or asks for it on a terminal",
		"user list --limit -1":                         "--limit takes a number from 0 on, got -1",
		"mail test":                                    "sallyport mail test needs --to and an address",
		"mail preview a b":                             "sallyport mail preview takes one argument at most: the event",
		"mail preview --format pdf":                    `--format must be text or html, not "pdf"`,
		"serve --fast":                                 "unknown flag: --fast; see `sallyport serve --help`",
		"check --app-origin":                           "flag needs an argument: --app-origin; see `sallyport check --help`",
		"serve --migrate=maybe":                        `invalid argument "maybe" for "--migrate"`,
		"--config":                                     "flag needs an argument: --config",
	} {
		r := o.run(strings.Fields(line)...).exits(exitUsage)
		says(t, r.complaint(), want)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	r := newOperator(t).run("version").exits(0)
	says(t, r.stdout, "sallyport ", "(commit ", "contract Better Auth 1.7.25\n")
}

func TestSecretGenerate(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	first, second := o.run("secret", "generate").exits(0).stdout, o.run("secret", "generate").exits(0).stdout
	if first == second {
		t.Errorf("two secrets are alike: %s", first)
	}
	if raw, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(first)); err != nil || len(raw) != 32 {
		t.Errorf("%q is not 32 bytes: %v", first, err)
	}
}

func TestInitWritesAConfigurationThatWorks(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	r := o.run("init").exits(0)
	says(t, r.stderr, "wrote sallyport.yaml")
	name, secret, _ := strings.Cut(strings.TrimSpace(r.stdout), "=")
	if name != "BETTER_AUTH_SECRET" {
		t.Fatalf("init printed %q", r.stdout)
	}
	r = o.with(t, "BETTER_AUTH_SECRET="+secret).run("migrate", "plan").exits(0)
	says(t, r.stdout, "create table jwks")
	if strings.Contains(r.stderr, "starter") {
		t.Errorf("the file was not read:\n%s", r.stderr)
	}
}

func TestInitOverwritesNothing(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	o.configure("# mine\n")
	says(t, o.run("init").exits(exitFailed).complaint(), "sallyport.yaml is there already: move it away first")
	text, err := os.ReadFile(filepath.Join(o.dir, "sallyport.yaml"))
	if err != nil || string(text) != "# mine\n" {
		t.Errorf("the file holds %q: %v", text, err)
	}
	o.run("init", "--config", "other.yaml").exits(0)
	if _, err := os.Stat(filepath.Join(o.dir, "other.yaml")); err != nil {
		t.Error(err)
	}
}

func TestHealthcheckWithoutAServer(t *testing.T) {
	t.Parallel()
	o := newOperator(t)
	says(t, o.run("healthcheck").exits(exitFailed).complaint(), "the server does not answer at http://127.0.0.1:"+o.port+"/readyz")
}
