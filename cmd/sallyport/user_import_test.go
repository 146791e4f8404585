package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
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

// file writes a file into the operator's folder.
func (o *operator) file(name, text string) string {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
	return name
}

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
	config := o.file("firebase.txt", firebaseConsole)
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
