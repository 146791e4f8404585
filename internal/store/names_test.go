package store

import (
	"testing"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

func TestRenamedQueries(t *testing.T) {
	t.Parallel()
	set := schema.MustNewSet([]schema.Table{
		{Model: "keys", Fields: []schema.Field{{Name: "alg", Type: schema.String}, {Name: "createdAt", Type: schema.Date}, {Name: "kept", Type: schema.String}}},
		{Model: "other", Fields: []schema.Field{{Name: "alg", Type: schema.String}}},
	}, []schema.Table{{Model: "keys", Name: `my "keys"`, Fields: []schema.Field{{Name: "alg", Column: "al g"}, {Name: "createdAt", Column: "created_at"}}}})
	n := newNames("guard", set)
	for sql, want := range map[string]string{
		`-- keys alg
SELECT k.alg, k."createdAt", kept FROM keys k LEFT JOIN sallyport.keys a ON a.kid = k.id WHERE k.alg <> 'alg'`: `-- keys alg
SELECT k."al g", k."created_at", kept FROM "my ""keys""" k LEFT JOIN "guard".keys a ON a.kid = k.id WHERE k."al g" <> 'alg'`,
		`insert into keys (id, alg) values ($1, 'it''s keys')`:  `insert into "my ""keys""" (id, "al g") values ($1, 'it''s keys')`,
		`UPDATE keys SET "createdAt" = $1`:                      `UPDATE "my ""keys""" SET "created_at" = $1`,
		`UPDATE "keys" SET kept = $1`:                           `UPDATE "my ""keys""" SET kept = $1`,
		`SELECT alg FROM other`:                                 `SELECT alg FROM other`,
		`INSERT INTO sallyport.x (name) VALUES ('keys')`:        `INSERT INTO "guard".x (name) VALUES ('keys')`,
		`SELECT count(*) FROM sallyport.x WHERE alg = 'from x'`: `SELECT count(*) FROM "guard".x WHERE alg = 'from x'`,
	} {
		if got := n.text(sql); got != want {
			t.Errorf("%s\n got %s\nwant %s", sql, got, want)
		}
	}
	same := newNames("", schema.MustNewSet(schema.Core))
	if got := same.text("SELECT 1 FROM sallyport.x"); got != "SELECT 1 FROM sallyport.x" {
		t.Errorf("without names: %s", got)
	}
}
