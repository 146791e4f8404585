package legacy_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/legacy"
)

const (
	horse = "correct horse battery"
	words = "pässwörd 🐎🐎"
	b64   = "AAECAwQFBgcICQoLDA0ODw"
)

// What other software has made of passwords. Where it is not said otherwise, the
// password is horse.
var vectors = []struct{ by, password, hash, stored string }{
	{"bcrypt 5.0 of Python", "", "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.", ""},
	{"bcrypt 5.0 of Python, not ASCII", words, "$2b$04$abcdefghijklmnopqrstuu06U9wr.IR9znw9I7JtSk0f6aIVab8dq", ""},
	{"the same under the other versions", words, "$2a$04$abcdefghijklmnopqrstuu06U9wr.IR9znw9I7JtSk0f6aIVab8dq", ""},
	{"the same under the other versions", words, "$2y$04$abcdefghijklmnopqrstuu06U9wr.IR9znw9I7JtSk0f6aIVab8dq", ""},
	{"bcrypt 5.0 of Python, 72 bytes", strings.Repeat("x", 72), "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i", ""},
	{"the same: bytes after the 72nd do not count", strings.Repeat("x", 72) + "and more", "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i", ""},
	{"argon2-cffi", "", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHRzb21lc2FsdA$sjZAS/zKltDMwLOIcaO6Ey2SH+0sM8MUSHmB1IVspPI", ""},
	{"argon2-cffi, not ASCII", words, "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$EPa2TsMPrWe0z956/QFOvw", ""},
	{"argon2-cffi", "", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$rB+Ck6dzT0jJfdaVhwLFTVeAoy0V19WrEz2yedJeJW4", ""},
	{"passlib 1.7", "", "$pbkdf2$1000$//4Ac2FsdHNhbHQ$QawikdPCFqYTcnxaMrCy5ubruVQ", "$pbkdf2-sha1$1000$//4Ac2FsdHNhbHQ$QawikdPCFqYTcnxaMrCy5ubruVQ"},
	{"passlib 1.7", "", "$pbkdf2-sha256$1000$//4Ac2FsdHNhbHQ$oYjpDO7evZtEal9t6rcymlKlGoYkRPiXFzxQbuiEj6o", ""},
	{"passlib 1.7", "", "$pbkdf2-sha512$1000$//4Ac2FsdHNhbHQ$fBwAgQCPP1/5HoX5ybRK7HE0aSLVAdsD17iFA6x8gW.1y61S1JmPzjhhBeojC1rtDoMoB2TISXMJd7dCLSm.Kw", ""},
	{"passlib 1.7", "", "$scrypt$ln=10,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$fXnS5Awj6eMC+z1SbPBpyxEKbW7GHGyuCeVjw7IJSMI", ""},
	{"Django 5.2", "", "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=", "$pbkdf2-sha256$1000$c2Vhc2FsdA$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww"},
	{"Django 5.2", "", "pbkdf2_sha1$1000$seasalt$LPTbYn9/9ALjztx0Dtq5V+DLYLg=", "$pbkdf2-sha1$1000$c2Vhc2FsdA$LPTbYn9/9ALjztx0Dtq5V.DLYLg"},
	{"Django 5.2", "", "scrypt$1024$seasalt$8$1$fTwdYrxXK5/OG6iyAYN++CxTZgMb6MHXR6rhVXIgSHjQ7FiXuVEFz4EvVUsmygTk21KAcS7joGurlDlxzzruZA==", "$scrypt$ln=10,r=8,p=1$c2Vhc2FsdA$fTwdYrxXK5/OG6iyAYN++CxTZgMb6MHXR6rhVXIgSHjQ7FiXuVEFz4EvVUsmygTk21KAcS7joGurlDlxzzruZA"},
	{"Django 5.2", "", "argon2$argon2id$v=19$m=64,t=1,p=1$c2Vhc2FsdHNlYXNhbHQ$q5YYdHdggFYwtNGe+NSddAP4KdSGm+ny7DafR7QVJ+I", "$argon2id$v=19$m=64,t=1,p=1$c2Vhc2FsdHNlYXNhbHQ$q5YYdHdggFYwtNGe+NSddAP4KdSGm+ny7DafR7QVJ+I"},
	{"Django 5.2", "", "bcrypt$$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS", "$2b$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS"},
	{"Werkzeug 3", "", "scrypt:1024:8:1$QtGtnBp7NrwY0Xha$e6d36b2f65877067dcc986bb9f6c96f18e8cf4216cbc71d0783b1420edcfb71528026abcb215d2cfe2d8b555f9bda63e3f048aa9942363a59bb6d944c2495fe1", "$scrypt$ln=10,r=8,p=1$UXRHdG5CcDdOcndZMFhoYQ$5tNrL2WHcGfcyYa7n2yW8Y6M9CFsvHHQeDsUIO3PtxUoAmq8shXSz+LYtVX5vaY+PwSKqZQjY6WbttlEwklf4Q"},
	{"Werkzeug 3", "", "pbkdf2:sha256:1000$TSv1EAMcIrmZJ1EY$2235fe917b9fb7fa5e04f6388f9089b3ab55886dfee11269137d8268cd5c3ef2", "$pbkdf2-sha256$1000$VFN2MUVBTWNJcm1aSjFFWQ$IjX.kXuft/peBPY4j5CJs6tViG3.4RJpE32CaM1cPvI"},
	{"Supabase Auth's own tests", "mytestpassword", "$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw==$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw==", ""},
}

func TestHashesOfOtherSoftware(t *testing.T) {
	t.Parallel()
	for _, v := range vectors {
		h, err := legacy.Parse(v.hash)
		if err != nil {
			t.Errorf("%s: %s %v", v.by, v.hash, err)
			continue
		}
		check(t, v.by+": "+v.hash, h, v.password)
		if want := v.stored; want == "" && h.String() != v.hash || want != "" && h.String() != want {
			t.Errorf("%s: %s is stored as %s", v.by, v.hash, h)
		}
		again, err := legacy.Parse(h.String())
		if err != nil || again.String() != h.String() || !legacy.Known(h.String()) || h.String()[0] != '$' {
			t.Errorf("%s is read again as %v, %v", h, again, err)
		}
	}
}

// check holds a hash to a password, which is horse where it is empty.
func check(t *testing.T, name string, h *legacy.Hash, password string) {
	t.Helper()
	if password == "" {
		password = horse
	}
	if !h.Matches(password) {
		t.Errorf("%s does not match its password", name)
	}
	if h.Matches("#" + password[1:]) {
		t.Errorf("%s matches another password", name)
	}
}

func count(n int) *int { return &n }

// firebaseProject are the parameters in Firebase's own description of the
// algorithm.
var firebaseProject = legacy.Firebase{
	SignerKey:     mustBase64("jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="),
	SaltSeparator: []byte{7}, Rounds: 8, MemCost: 14,
}

func TestDescribedHashes(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		d        legacy.Described
		password string
	}{
		"Firebase's own description": {legacy.Described{
			Algorithm: "firebase-scrypt", Salt: "42xEC+ixf3L2lw==",
			Hash: "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==",
		}, "user1password"},
		"Keycloak's PBKDF2, by hashlib": {legacy.Described{
			Algorithm: "pbkdf2-sha256", Iterations: count(27500), Salt: b64 + "==",
			Hash: "VVatals5hXp5h2oxfsxiF6kzhtIf76FMvLQt3LHjOPTh+NaxYdlTOPwDZ23eIyR9i752/A/GtET2PfLHzgkqPg==",
		}, ""},
		"Argon2 in parts, by argon2-cffi": {legacy.Described{
			Algorithm: "argon2id", Iterations: count(2), Memory: count(256), Parallelism: count(2),
			Salt: "c29tZXNhbHRzb21lc2FsdA==", Hash: "sjZAS/zKltDMwLOIcaO6Ey2SH+0sM8MUSHmB1IVspPI=",
		}, ""},
		"ASP.NET Identity 3, by hashlib": {legacy.Described{
			Algorithm: "aspnet-identity", Hash: "AQAAAAIAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg9OjEVSLnLd+mtlFb9XoK6lHa4gNh+7LmuWwX1ngTrjyQ==",
		}, ""},
		"ASP.NET Identity 2, by hashlib": {legacy.Described{
			Algorithm: "aspnet-identity", Hash: "AAABAgMEBQYHCAkKCwwNDg/Kv5tkqQSdO0Z/d/XxWNczkIjFP2C3aR/Oyg84EdRL9A==",
		}, ""},
		"MD5 by hashlib":          {legacy.Described{Algorithm: "md5", Salt: "pepper-salt", Hash: "3d8a40f4db338b39886c7ea540569613"}, ""},
		"SHA-1 by hashlib":        {legacy.Described{Algorithm: "sha1", Salt: "pepper-salt", Hash: "3e14a64a7a0f14680829040b960fabf6d0a4415c", SaltPosition: "after"}, ""},
		"SHA-256 by hashlib":      {legacy.Described{Algorithm: "sha256", Salt: "7065707065722d73616c74", SaltEncoding: "hex", Hash: "s9vS+p39SSK2t/5u5DG5vwzFgVE85DZTA7SZ31XTe1E=", Encoding: "base64"}, ""},
		"SHA-512 by hashlib":      {legacy.Described{Algorithm: "sha512", Salt: "pepper-salt", Hash: "98c364e4532d8238a1c5351bd5040e74e2d4d8aa8da805fc3506685ff9f007c0fefde78643b628d82b77d66e65ac36ed467fca9fa4840cf1d7db873137c60f72", SaltPosition: "after"}, ""},
		"bcrypt named as such":    {legacy.Described{Algorithm: "bcrypt", Hash: "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."}, ""},
		"argon2id named as such":  {legacy.Described{Algorithm: "argon2id", Hash: vectors[6].hash}, ""},
		"scrypt as Django has it": {legacy.Described{Algorithm: "scrypt", Hash: vectors[15].hash}, ""},
	} {
		h, err := v.d.Parse(&firebaseProject)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		check(t, name, h, v.password)
		again, err := legacy.Parse(h.String())
		if err != nil || again.String() != h.String() {
			t.Errorf("%s: %s is read again as %v, %v", name, h, again, err)
			continue
		}
		check(t, name+" as it is stored", again, v.password)
	}
}

func TestHashesThatAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                 "is no hash of a known form",
		"5f4dcc3b5aa765d61d8327deb882cf99": "is no hash of a known form",
		"$2x$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.":                         "is no hash of a known form",
		"$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo":                          "is no bcrypt hash",
		"$2b$03$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.":                         "is no bcrypt hash",
		"$2b$16$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.":                         "costs too much: checking one password would take more than 2s",
		"$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$EPa2TsMPrWe0z956/QFOvw":            "is no argon2id hash of version 19",
		"$argon2id$v=19$m=65537,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$EPa2TsMPrWe0z956/QFOvw":         "costs too much: it takes 65537 KiB of memory to check, and 65536 is the most",
		"$argon2id$v=19$m=65536,t=999999999,p=1$c29tZXNhbHRzb21lc2FsdA$EPa2TsMPrWe0z956/QFOvw": "costs too much: checking",
		"$argon2id$v=19$m=64,t=1,p=17$c29tZXNhbHRzb21lc2FsdA$EPa2TsMPrWe0z956/QFOvw":           "must have 1 to 16 lanes",
		"$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHRzb21lc2FsdA$EPa2TsMPrWe0z956/QFOvw":            "must have 1 to 16 lanes",
		"$argon2id$v=19$m=64,t=1,p=1$c29tZQ$EPa2TsMPrWe0z956/QFOvw":                            "has a salt of less than 8 bytes",
		"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$EPa2":                              "must be 16 to 128 bytes long, and has 3",
		"$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$A":                                 "is not base64",
		"$scrypt$ln=16,r=16,p=1$c29tZQ$fXnS5Awj6eMC+z1SbPBpyxEKbW7GHGyuCeVjw7IJSMI":            "costs too much: it takes 131072 KiB",
		"$scrypt$ln=1,r=65536,p=15$c29tZQ$fXnS5Awj6eMC+z1SbPBpyxEKbW7GHGyuCeVjw7IJSMI":         "costs too much: it takes 122880 KiB",
		"$scrypt$ln=10,r=8,p=17$c29tZQ$fXnS5Awj6eMC+z1SbPBpyxEKbW7GHGyuCeVjw7IJSMI":            "has a cost outside",
		"$scrypt$ln=10,r=8$c29tZQ$fXnS5Awj6eMC+z1SbPBpyxEKbW7GHGyuCeVjw7IJSMI":                 "is no scrypt hash",
		"scrypt$1000$seasalt$8$1$fTwdYrxXK5/OG6iyAYN++CxTZgMb6MHXR6rhVXIgSHg=":                 "has a cost outside",
		"scrypt:x": "is no scrypt hash of Werkzeug",
		"pbkdf2:md5:1000$TSv1$2235fe917b9fb7fa5e04f6388f9089b3ab55886dfee11269137d8268cd5c3ef2": `has the digest "md5"`,
		"$pbkdf2-sha256$999999999$//4A$oYjpDO7evZtEal9t6rcymlKlGoYkRPiXFzxQbuiEj6o":             "costs too much: checking",
		"$pbkdf2-sha256$0$//4A$oYjpDO7evZtEal9t6rcymlKlGoYkRPiXFzxQbuiEj6o":                     "must have an iteration",
		"$pbkdf2-sha256$1000$//4A":                     "is no hash of passlib",
		"pbkdf2_sha256$1000$seasalt":                   "is no hash of Django",
		"$fbscrypt$v=2,n=14":                           "is no hash of Firebase",
		"$digest$a=md5,salt=inside$" + b64 + "$" + b64: `has its salt "inside"`,
		"$digest$a=sha1,salt=after$$" + b64:            "is no sha1: that has 20 bytes, and this 16",
		"$2b$" + strings.Repeat("x", 3000):             "is longer than 2048 characters",
	} {
		h, err := legacy.Parse(text)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s gives %v, %v; want %s", text, h, err, want)
		}
		if err != nil && len(text) > 40 && strings.Contains(err.Error(), text[len(text)-20:]) {
			t.Errorf("the hash is repeated: %v", err)
		}
	}
	if _, err := legacy.Parse("5f4dcc3b5aa765d61d8327deb882cf99"); !errors.Is(err, legacy.ErrUnknown) {
		t.Errorf("a bare digest gives %v", err)
	}
}

func TestDescriptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	md5 := strings.Repeat("0", 32)
	for want, d := range map[string]legacy.Described{
		`has the algorithm "crypt"`:                {Algorithm: "crypt", Hash: md5},
		"is no hash that begins as one of bcrypt":  {Algorithm: "bcrypt", Hash: md5},
		"says everything in its hash":              {Algorithm: "bcrypt", Hash: vectors[0].hash, Salt: "x"},
		"needs iterations":                         {Algorithm: "pbkdf2-sha1", Hash: b64},
		"has no iterations when it is md5":         {Algorithm: "md5", Hash: md5, Iterations: count(2)},
		"is not hexadecimal":                       {Algorithm: "md5", Hash: "zz"},
		"has a salt that is not base64":            {Algorithm: "pbkdf2-sha1", Hash: b64, Salt: "!", Iterations: count(2)},
		"has the encoding \"rot13\"":               {Algorithm: "md5", Hash: md5, Encoding: "rot13"},
		"has its salt in the hash":                 {Algorithm: "aspnet-identity", Hash: b64, Salt: "x"},
		"is no hash of ASP.NET Identity":           {Algorithm: "aspnet-identity", Hash: "AQAAAAkAAAPoAAAAEAAB"},
		"needs the parameters of the Firebase":     {Algorithm: "firebase-scrypt", Hash: b64, Salt: b64},
		"must have an iteration":                   {Algorithm: "pbkdf2-sha1", Hash: b64, Iterations: count(-2)},
		"has a salt of more than 256 bytes":        {Algorithm: "md5", Hash: md5, Salt: strings.Repeat("x", 257)},
		"must have 1 to 16 lanes, 8 KiB of memory": {Algorithm: "argon2i", Hash: b64, Salt: b64, Iterations: count(1), Memory: count(-1), Parallelism: count(1)},
	} {
		if _, err := d.Parse(nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v gives %v, want %s", d, err, want)
		}
	}
	short := legacy.Described{Algorithm: "firebase-scrypt", Hash: b64, Salt: "eHg="}
	if _, err := short.Parse(&firebaseProject); err == nil || !strings.Contains(err.Error(), "is not as long as the signer key") {
		t.Errorf("a hash of another project gives %v", err)
	}
}
