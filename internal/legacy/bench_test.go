package legacy_test

import (
	"testing"

	"github.com/sallyport-auth/sallyport/internal/legacy"
)

// BenchmarkMatches measures what a check takes beside its estimate, at costs that
// are usual.
func BenchmarkMatches(b *testing.B) {
	for name, text := range map[string]string{
		"bcrypt-10":     "$2b$10$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
		"argon2id-64M3": "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$EPa2TsMPrWe0z956/QFOvw",
		"scrypt-15-8":   "$scrypt$ln=15,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$fXnS5Awj6eMC+z1SbPBpyxEKbW7GHGyuCeVjw7IJSMI",
		"pbkdf2-sha256": "$pbkdf2-sha256$600000$//4Ac2FsdHNhbHQ$oYjpDO7evZtEal9t6rcymlKlGoYkRPiXFzxQbuiEj6o",
		"pbkdf2-sha1":   "$pbkdf2-sha1$600000$//4Ac2FsdHNhbHQ$QawikdPCFqYTcnxaMrCy5ubruVQ",
		"pbkdf2-sha512": "$pbkdf2-sha512$210000$//4Ac2FsdHNhbHQ$fBwAgQCPP1/5HoX5ybRK7HE0aSLVAdsD17iFA6x8gW.1y61S1JmPzjhhBeojC1rtDoMoB2TISXMJd7dCLSm.Kw",
	} {
		b.Run(name, func(b *testing.B) {
			h, err := legacy.Parse(text)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				h.Matches(horse)
			}
			b.ReportMetric(float64(h.Work().Milliseconds()), "estimated-ms")
		})
	}
}
