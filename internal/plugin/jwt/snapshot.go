package jwt

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// key is one row, read.
type key struct {
	id, alg   string
	createdAt time.Time
	expiresAt *time.Time
	signsFrom *time.Time
	published json.RawMessage // its entry in the key set; nil when unreadable
	verifier  *jose.Verifier  // nil when unreadable
	signer    *jose.Signer    // nil when no configured secret opens it
	tag       string          // names the secret that it is encrypted under
	problem   error           // why signer or published is nil
}

// snapshot is every key as it was at one moment. It does not change.
type snapshot struct {
	rows []db.JWTListKeysRow // what it was made of
	keys []key               // oldest first
	alg  string              // the configured algorithm
}

func (k *Keys) newSnapshot(rows []db.JWTListKeysRow) *snapshot {
	s := &snapshot{rows: rows, alg: string(k.cfg.JWKS.KeyPairConfig.Alg), keys: make([]key, len(rows))}
	for i := range rows {
		s.keys[i] = k.newKey(&rows[i])
	}
	return s
}

// newKey reads a row. One that cannot be read is kept, so that it harms nobody
// but itself: a private key that does not open signs nothing and stays
// published, a public one that no verifier could read is left out.
func (k *Keys) newKey(row *db.JWTListKeysRow) key {
	out := key{
		id: row.ID, alg: string(k.cfg.JWKS.KeyPairConfig.Alg), createdAt: row.CreatedAt,
		expiresAt: row.ExpiresAt, signsFrom: row.SignsFrom, tag: tagOf(row.PrivateKey),
	}
	if row.Alg != nil {
		out.alg = *row.Alg
	}
	var publicProblem, privateProblem error
	out.published, publicProblem = k.publish(row, out.alg)
	if out.published != nil {
		out.verifier, _ = jose.NewVerifier(out.alg, row.PublicKey)
		out.signer, privateProblem = k.open(row, out.alg)
	}
	out.problem = errors.Join(publicProblem, privateProblem)
	return out
}

// tagOf gives the tag of a stored private key, none for one that is not encrypted.
func tagOf(stored string) string {
	var sealed string
	if json.Unmarshal([]byte(stored), &sealed) != nil {
		return ""
	}
	return secure.Tag(sealed)
}

// open decrypts and reads a private key.
func (k *Keys) open(row *db.JWTListKeysRow, alg string) (*jose.Signer, error) {
	text := row.PrivateKey
	if !k.cfg.JWKS.DisablePrivateKeyEncryption {
		var sealed string
		if err := json.Unmarshal([]byte(row.PrivateKey), &sealed); err != nil {
			return nil, errors.New("the private key is not stored encrypted")
		}
		plain, err := k.auth.Secrets.Decrypt(sealed)
		if err != nil {
			return nil, err
		}
		text = string(plain)
	}
	signer, err := jose.NewSigner(alg, row.ID, text)
	if err != nil {
		return nil, err
	}
	if !signer.Matches(row.PublicKey) {
		return nil, errors.New("the public key is another's: nobody could verify what it signs")
	}
	return signer, nil
}

// publish gives the entry of a key in the key set: alg, crv, the members of the
// public key, kid. A member that stands there twice keeps its first place, as
// object spread has it.
func (k *Keys) publish(row *db.JWTListKeysRow, alg string) (json.RawMessage, error) {
	if err := jose.CheckPublic(row.PublicKey); err != nil {
		return nil, err
	}
	entry := api.Object{{Key: "alg", Value: alg}, {Key: "crv", Value: k.curve(row)}}
	members, err := topLevel(row.PublicKey)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		entry = entry.Set(m.Key, m.Value)
	}
	entry = entry.Set("kid", row.ID)
	if v, _ := entry.Get("crv"); v == (*string)(nil) {
		entry = append(entry[:1], entry[2:]...)
	}
	return api.JSON(entry)
}

func (k *Keys) curve(row *db.JWTListKeysRow) *string {
	if row.Crv == nil && k.cfg.JWKS.KeyPairConfig.Crv != "" {
		return &k.cfg.JWKS.KeyPairConfig.Crv
	}
	return row.Crv
}

// topLevel gives the members of a JSON object in their order, their values as
// they are written.
func topLevel(text string) (api.Object, error) {
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var out api.Object
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		out = out.Set(name.(string), value)
	}
	return out, nil
}

// choose gives the key that signs now: the newest live one of the configured
// algorithm, else the newest live one. A key that waits for its time signs only
// when nothing else can; nil means that none can.
func (s *snapshot) choose(now time.Time) *key {
	var best *key
	for i := range s.keys {
		k := &s.keys[i]
		if k.signer != nil && !k.expired(now) && (best == nil || s.better(k, best, now)) {
			best = k
		}
	}
	return best
}

// better compares two live keys.
func (s *snapshot) better(a, b *key, now time.Time) bool {
	if aw, bw := a.waits(now), b.waits(now); aw != bw {
		return bw
	}
	if am, bm := a.alg == s.alg, b.alg == s.alg; am != bm {
		return am
	}
	return !a.createdAt.Before(b.createdAt)
}

func (k *key) expired(now time.Time) bool { return k.expiresAt != nil && !k.expiresAt.After(now) }

func (k *key) waits(now time.Time) bool { return k.signsFrom != nil && k.signsFrom.After(now) }

// hasSuccessor tells whether a newer key can sign when old has ended.
func (s *snapshot) hasSuccessor(old *key, end time.Time) bool {
	for i := range s.keys {
		k := &s.keys[i]
		if k.signer != nil && k.alg == s.alg && k.createdAt.After(old.createdAt) && !k.expired(end) {
			return true
		}
	}
	return false
}

// keySet writes the answer of /jwks, and gives the time until which it holds:
// the end of the first grace period, zero when none ends.
func (s *snapshot) keySet(now time.Time, grace time.Duration) (body []byte, until time.Time) {
	body = []byte(`{"keys":[`)
	for i := range s.keys {
		k := &s.keys[i]
		if k.published == nil {
			continue
		}
		if k.expiresAt != nil {
			end := k.expiresAt.Add(grace)
			if !end.After(now) {
				continue
			}
			if until.IsZero() || end.Before(until) {
				until = end
			}
		}
		if len(body) > len(`{"keys":[`) {
			body = append(body, ',')
		}
		body = append(body, k.published...)
	}
	return append(body, "]}"...), until
}

// state names the state of a key for people.
func (k *key) state(now time.Time, signing bool, grace time.Duration) string {
	switch {
	case k.published == nil, k.signer == nil && !k.expired(now):
		return stateUnreadable
	case signing:
		return stateSigning
	case k.waits(now):
		return stateWaiting
	case k.expired(now) && !k.expiresAt.Add(grace).After(now):
		return stateWithdrawn
	default:
		return statePublished
	}
}
