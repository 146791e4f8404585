package users_test

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkImport measures records with bcrypt hashes and an account each, and the
// same records when all are there already.
func BenchmarkImport(b *testing.B) {
	const records = 5000
	i := newImporter(b, configuration)
	b.Run("new", func(b *testing.B) {
		round := 0
		for b.Loop() {
			round++
			i.server.Exec("delete from account")
			i.server.Exec(`delete from "user"`)
			i.wants(generated(records), records, 0, 0)
		}
		b.ReportMetric(float64(records*round)/b.Elapsed().Seconds(), "records/s")
	})
	b.Run("present", func(b *testing.B) {
		round := 0
		for b.Loop() {
			round++
			i.wants(generated(records), 0, records, 0)
		}
		b.ReportMetric(float64(records*round)/b.Elapsed().Seconds(), "records/s")
	})
}

func generated(records int) string {
	var file strings.Builder
	for n := range records {
		fmt.Fprintf(&file, `{"id": "user-%d", "email": "u%d@example.test", "name": "User %d", "emailVerified": true, "createdAt": "2024-05-06T07:08:09Z", `+
			`"password": "$2b$10$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."}`+"\n", n, n, n)
	}
	return file.String()
}
