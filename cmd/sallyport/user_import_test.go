package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// movedHere is a configuration for users who come from elsewhere.
const movedHere = `
emailAndPassword: {enabled: true}
user: {additionalFields: {team: {type: [red, blue], required: false}, level: {type: number, required: false, input: false}, prefs: {type: json, required: false}, seen: {type: date, required: false}}}
account: {additionalFields: {note: {type: string, required: false}}}
plugins: {admin: {}, username: {}, twoFactor: {}}
rateLimit: {enabled: false}
`

const horse = "correct horse battery"

// foreignHashes are hashes of horse, or of what is beside them, by the software
// that made them.
var foreignHashes = []struct{ name, password, json string }{
	{"bcrypt", horse, `"$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."`},
	{"argon2id", horse, `"$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHRzb21lc2FsdA$sjZAS/zKltDMwLOIcaO6Ey2SH+0sM8MUSHmB1IVspPI"`},
	{"scrypt", horse, `"$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$fXnS5Awj6eMC+z1SbPBpyxEKbW7GHGyuCeVjw7IJSMI"`},
	{"firebase", "user1password", `{"algorithm": "firebase-scrypt", "salt": "42xEC+ixf3L2lw==", "hash": "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ=="}`},
	{"django", horse, `"pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww="`},
	{"keycloak", horse, `{"algorithm": "pbkdf2-sha256", "iterations": 27500, "salt": "AAECAwQFBgcICQoLDA0ODw==", "hash": "VVatals5hXp5h2oxfsxiF6kzhtIf76FMvLQt3LHjOPTh+NaxYdlTOPwDZ23eIyR9i752/A/GtET2PfLHzgkqPg=="}`},
	{"sha1", horse, `{"algorithm": "sha1", "salt": "pepper-salt", "hash": "8604f9aa6f3c8c1d4874eb79f9927433d2946f4c"}`},
	{"sha256", horse, `{"algorithm": "sha256", "salt": "pepper-salt", "hash": "b3dbd2fa9dfd4922b6b7fe6ee431b9bf0cc581513ce4365303b499df55d37b51"}`},
	{"sha512", horse, `{"algorithm": "sha512", "salt": "pepper-salt", "saltPosition": "after", "hash": "98c364e4532d8238a1c5351bd5040e74e2d4d8aa8da805fc3506685ff9f007c0fefde78643b628d82b77d66e65ac36ed467fca9fa4840cf1d7db873137c60f72"}`},
	{"md5", horse, `{"algorithm": "md5", "salt": "pepper-salt", "hash": "3d8a40f4db338b39886c7ea540569613"}`},
}

// firebaseConsole is what the console of Firebase shows, from its own description of
// the algorithm.
const firebaseConsole = `hash_config {
  algorithm: SCRYPT,
  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,
  base64_salt_separator: Bw==,
  rounds: 8,
  mem_cost: 14,
}
`

// own counts the users of that address whose hash is of our own form.
func (o *operator) own(email string) int {
	o.t.Helper()
	return o.query(`select count(*) from account a join "user" u on u.id = a."userId" where u.email = '` + email + `' and a.password ~ '^[0-9a-f]{32}:[0-9a-f]{128}$'`)
}

func TestImportedUsersSignIn(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, movedHere)
	var file strings.Builder
	for _, h := range foreignHashes {
		for n := range 10 {
			fmt.Fprintf(&file, `{"email": "%s%d@example.test", "name": "%s", "emailVerified": true, "password": %s}`+"\n", h.name, n, h.name, h.json)
		}
	}
	const config = "firebase.txt"
	o.file(config, firebaseConsole)
	r := o.runWith(file.String(), "user", "import", "-", "--firebase-hash-config", config).exits(0)
	says(t, r.stdout, "100 imported, 0 were there already, 0 refused, in ")
	s := o.serve()
	defer s.stop()
	for _, h := range foreignHashes {
		email := h.name + "3@example.test"
		if status := s.signsIn(t, email, "x"+h.password); status != http.StatusUnauthorized || o.own(email) != 0 {
			t.Errorf("%s: a wrong password gives %d", h.name, status)
		}
		for range 2 {
			if status := s.signsIn(t, email, h.password); status != http.StatusOK || o.own(email) != 1 {
				t.Errorf("%s: the right password gives %d, or leaves the hash", h.name, status)
			}
		}
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if status := s.signsIn(t, "bcrypt4@example.test", horse); status != http.StatusOK {
				t.Errorf("one of several first sign-ins gives %d", status)
			}
		})
	}
	wg.Wait()
	if n := o.query(`select count(*) from account where password ~ '^[0-9a-f]{32}:[0-9a-f]{128}$'`); n != len(foreignHashes)+1 {
		t.Errorf("%d hashes are of our own form", n)
	}
	r = o.runWith(file.String(), "user", "import", "-", "--firebase-hash-config", config).exits(0)
	says(t, r.stdout, "0 imported, 100 were there already, 0 refused, in ")
}

// feeds starts an import that waits for more after a first part of its file, and
// comes back when that is in the database.
func (o *operator) feeds(t *testing.T, text string, imported int) *exec.Cmd {
	t.Helper()
	cmd := o.command(t.Context(), "user", "import", "-")
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err == nil {
		_, err = io.WriteString(in, text)
	}
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); o.query(`select count(*) from "user"`) < imported; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing is imported")
		}
	}
	return cmd
}

func TestAnImportThatIsKilledGoesOn(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, movedHere)
	var file strings.Builder
	for n := range 1300 {
		fmt.Fprintf(&file, `{"email": "u%d@example.test", "password": %s}`+"\n", n, foreignHashes[0].json)
	}
	lines := strings.SplitAfter(file.String(), "\n")
	killed := o.feeds(t, strings.Join(lines[:600], ""), 500)
	_ = killed.Process.Kill()
	_ = killed.Wait()
	interrupted := o.feeds(t, strings.Join(lines[:1100], ""), 1000)
	_ = interrupted.Process.Signal(os.Interrupt)
	_ = interrupted.Wait()
	if code := interrupted.ProcessState.ExitCode(); code != exitFailed {
		t.Errorf("told to end, it ends with %d", code)
	}
	whole := `select count(*) from "user" u where (select count(*) from account a where a."userId" = u.id and a.password is not null) = 1`
	if n, all := o.query(whole), o.query(`select count(*) from "user"`); n != 1000 || all != 1000 {
		t.Errorf("%d of %d users are whole", n, all)
	}
	says(t, o.runWith(file.String(), "user", "import", "-").exits(0).stdout, "300 imported, 1000 were there already, 0 refused, in ")
	if n := o.query(whole); n != 1300 {
		t.Errorf("%d users are whole", n)
	}
}

func TestWhatAnImportRefuses(t *testing.T) {
	t.Parallel()
	o := newAdministrator(t, movedHere)
	const file = `{"email": "ann@example.test"}` + "\n" + `{"email": "bob"}` + "\n"
	r := o.runWith(file, "user", "import", "-", "--dry-run").exits(exitFailed)
	says(t, r.stdout, "1 would be imported, 0 were there already, 1 refused, in ")
	says(t, r.stderr, "line 2 \"email\" is no address of mail\n", "sallyport: 1 of 2 records were refused\n")
	if n := o.query(`select count(*) from "user"`); n != 0 {
		t.Error("a dry run has kept something")
	}
	o.file("users.jsonl", file)
	r = o.run("user", "import", "users.jsonl", "--refused", "refused.txt").exits(exitFailed)
	if said, err := os.ReadFile(filepath.Join(o.dir, "refused.txt")); err != nil || string(said) != "line 2 \"email\" is no address of mail\n" || strings.Contains(r.stderr, "line 2") {
		t.Errorf("the file says %q, %v, and it says %q", said, err, r.stderr)
	}
	for _, args := range [][]string{{"users.jsonl"}, {"-", "--firebase-hash-config", "users.jsonl"}} {
		r := o.run(append([]string{"user", "import", "--refused", "./users.jsonl"}, args...)...).exits(exitUsage)
		says(t, r.complaint(), "--refused names ./users.jsonl, which is read: name another file")
		if kept, err := os.ReadFile(filepath.Join(o.dir, "users.jsonl")); err != nil || string(kept) != file {
			t.Fatalf("the file is %q, %v", kept, err)
		}
	}
	says(t, o.run("user", "import", "nothing.jsonl").exits(exitFailed).complaint(), "open nothing.jsonl: no such file")
	says(t, o.run("user", "import", "-", "--firebase-hash-config", "users.jsonl").exits(exitFailed).complaint(), "users.jsonl has no line `algorithm: SCRYPT`")
	firebase := strings.Replace(foreignHashes[3].json, "{", `{"email": "ann@example.test", "password": {`, 1) + "}\n"
	says(t, o.runWith(firebase, "user", "import", "-").exits(exitFailed).stderr, "needs the parameters of the Firebase project: see --firebase-hash-config")
	says(t, o.run("user", "import").exits(exitUsage).complaint(), "takes exactly one argument: a file, or - for standard input")
	says(t, o.run("user", "export", "a", "b").exits(exitUsage).complaint(), "takes at most one argument")
}

// everything is a user with all that there can be, as an export writes it.
const everything = `{"id":"ann","email":"ann@example.test","emailVerified":true,"name":"Ann \u0026 <b>","image":"https://example.test/a.png","createdAt":"2020-01-02T03:04:05.123456Z","updatedAt":"2021-01-02T03:04:05Z",` +
	`"role":"admin,user","banned":true,"banReason":"spam","banExpires":"2030-01-01T00:00:00Z","username":"ann_1","displayUsername":"Ann_1","twoFactorEnabled":false,"team":"red","level":7,"prefs":{"b": [1, 2.5, null], "a": "x"},"seen":"2026-01-02T03:04:05.678Z",` +
	`"password":"$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.","accounts":[` +
	`{"id":"c1","providerId":"credential","accountId":"ann","createdAt":"2020-01-02T03:04:05.5Z","updatedAt":"2020-01-03T03:04:05Z","note":"mine"},` +
	`{"id":"g1","providerId":"github","accountId":"4711","scope":"user,email","createdAt":"2020-01-04T03:04:05Z","updatedAt":"2020-01-04T03:04:05Z","accessToken":"at","refreshToken":"rt","idToken":"it","accessTokenExpiresAt":"2026-01-01T00:00:00Z","refreshTokenExpiresAt":null}]}` + "\n" +
	`{"id":"bob","email":"bob@example.test"}` + "\n"

func TestAnExportIsImportedAsItWas(t *testing.T) {
	t.Parallel()
	o, other := newAdministrator(t, movedHere), newAdministrator(t, movedHere)
	says(t, o.runWith(everything, "user", "import", "-").exits(0).stdout, "2 imported")
	says(t, o.run("user", "export", "all.jsonl", "--with-passwords").exits(0).stdout, "2 users exported to all.jsonl")
	path := filepath.Join(o.dir, "all.jsonl")
	first, err := os.ReadFile(path)
	info, errInfo := os.Stat(path)
	if err != nil || errInfo != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v, %v", err, errInfo, info)
	}
	says(t, other.run("user", "import", path).exits(0).stdout, "2 imported")
	second := other.run("user", "export", "--with-passwords").exits(0).stdout
	if second != string(first) {
		t.Errorf("the first is\n%s\nand the second\n%s", first, second)
	}
	for _, part := range []string{`"createdAt":"2020-01-02T03:04:05.123456Z"`, `"banReason":"spam"`, `"prefs":{"a":"x","b":[1,2.5,null]}`, `"level":7`, `"note":"mine"`, `"accessToken":"at"`, `"password":"$2b$05$abc`} {
		if !strings.Contains(second, part) {
			t.Errorf("it has no %s", part)
		}
	}
	says(t, other.runWith(second, "user", "import", "-").exits(0).stdout, "0 imported, 2 were there already")
	bare := other.run("user", "export", "-").exits(0).stdout
	if strings.Contains(bare, "$2b$") || strings.Contains(bare, "Token") || !strings.Contains(bare, `"accountId":"4711"`) {
		t.Errorf("without passwords it is %s", bare)
	}
	third := newAdministrator(t, movedHere)
	says(t, third.runWith(bare, "user", "import", "-").exits(0).stdout, "2 imported")
	if again := third.run("user", "export").exits(0).stdout; again != bare {
		t.Errorf("the first is\n%s\nand the second\n%s", bare, again)
	}
	if r := o.run("user", "export", filepath.Join("nowhere", "all.jsonl")).exits(exitFailed); !strings.Contains(r.stderr, "no such file or directory") {
		t.Errorf("it says %s", r.stderr)
	}
}
