package transcript

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// sample is a made-up server with one user: everything that chance decides on a
// real one depends on its seed, and nothing else does.
type sample struct {
	random  *rand.Rand
	now     time.Time
	token   string
	user    string
	session string
	kid     string
	key     ed25519.PrivateKey
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func newSample(seed uint64) *sample {
	s := &sample{random: rand.New(rand.NewPCG(seed, seed)), now: time.UnixMilli(1790000000000 + int64(seed)*12345678).UTC()}
	s.token, s.user, s.session, s.kid = s.id(), s.id(), s.id(), s.id()
	key := make([]byte, ed25519.SeedSize)
	for i := range key {
		key[i] = byte(s.random.IntN(256))
	}
	s.key = ed25519.NewKeyFromSeed(key)
	return s
}

func (s *sample) id() string {
	text := make([]byte, 32)
	for i := range text {
		text[i] = letters[s.random.IntN(len(letters))]
	}
	return string(text)
}

func (s *sample) jwk() string {
	return fmt.Sprintf(`{"crv":"Ed25519","x":%q,"kty":"OKP"}`, base64.RawURLEncoding.EncodeToString(s.key.Public().(ed25519.PublicKey)))
}

func (s *sample) iso(offset time.Duration) string {
	return s.now.Add(offset).Format("2006-01-02T15:04:05.000Z")
}

func (s *sample) userJSON() string {
	return fmt.Sprintf(`{"name":"Ann <&>","email":"ann@example.test","emailVerified":false,"image":null,"createdAt":%q,"id":%q}`, s.iso(0), s.user)
}

// jwt signs claims; header and claims are given as they shall stand.
func (s *sample) jwt(header, claims string) string {
	message := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(claims))
	return message + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(s.key, []byte(message)))
}

func (s *sample) header() string { return fmt.Sprintf(`{"alg":"EdDSA","kid":%q}`, s.kid) }

func (s *sample) claims() string {
	return fmt.Sprintf(`{"iat":%d,"sub":%q,"exp":%d,"iss":"http://auth.test"}`, s.now.Unix(), s.user, s.now.Unix()+900)
}

// replies are a sign-in and the session read after it.
func (s *sample) replies() []*reply {
	signed := s.token + "." + sign(Secret, s.token)
	return []*reply{
		{status: 200, header: http.Header{
			"Content-Type":   {"application/json"},
			"Set-Auth-Token": {signed},
			"Location":       {"/home?x=1"},
			"Set-Cookie": {
				"better-auth.session_token=" + encodeURIComponent(signed) + "; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax",
				"better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
			},
		}, body: []byte(fmt.Sprintf(`{"redirect":true,"token":%q,"url":"/home?x=1","user":%s}`, s.token, s.userJSON()))},
		{status: 200, header: http.Header{
			"Content-Type":  {"application/json"},
			"Cache-Control": {"no-store"},
			"Pragma":        {"no-cache"},
			"Set-Auth-Jwt":  {s.jwt(s.header(), s.claims())},
		}, body: []byte(fmt.Sprintf(`{"session":{"expiresAt":%q,"token":%q,"userId":%q,"id":%q},"user":%s,"list":[1,2.50,true]}`,
			s.iso(604800*time.Second), s.token, s.user, s.session, s.userJSON()))},
	}
}

// row is the session's row as Postgres prints it.
func (s *sample) row() row {
	text := func(value string) *string { return &value }
	at := func(offset time.Duration) *string {
		return text(s.now.Add(offset).Format("2006-01-02 15:04:05.999-07"))
	}
	return row{
		columns: []string{"id", "expiresAt", "token", "createdAt", "ipAddress", "userAgent", "userId"},
		values:  []*string{&s.session, at(604800 * time.Second), &s.token, at(0), text(""), nil, &s.user},
	}
}

// read makes a recording of what a sample answered, as Play would.
func (s *sample) read(replies []*reply, rows []row) Recording {
	r := newReader(Conversation{Config: "{}"}, func(_ context.Context, kid string) (string, error) {
		if kid != s.kid {
			return "", errors.New("none")
		}
		return s.jwk(), nil
	})
	r.begin(s.now)
	r.end(s.now.Add(5 * time.Millisecond))
	recording := Recording{Conversation: "sample"}
	for i, reply := range replies {
		answer, err := r.answer(context.Background(), reply)
		if err != nil {
			panic(err)
		}
		answer.Step = fmt.Sprint("reply ", i)
		recording.Answers = append(recording.Answers, answer)
	}
	snapshot := Answer{Step: "snapshot"}
	for _, row := range rows {
		snapshot.Rows = append(snapshot.Rows, r.row(context.Background(), row))
	}
	recording.Answers = append(recording.Answers, snapshot)
	return recording
}

// recording is what an unspoilt sample gives.
func (s *sample) recording() Recording { return s.read(s.replies(), []row{s.row()}) }

// decoded is the body of a reply as a tree.
func decoded(r *reply) node {
	n, err := parseOrdered(string(r.body))
	if err != nil || !json.Valid(r.body) {
		panic(fmt.Sprint("the sample's body is not JSON: ", err))
	}
	return n
}
