package secure

import "testing"

// What the current secret has signed costs one MAC, however many are listed.
func BenchmarkVerifyAmongSecrets(b *testing.B) {
	one, err := NewSecrets("the-first-secret-0123456789-ABCDEFGHI", nil)
	if err != nil {
		b.Fatal(err)
	}
	three, err := NewSecrets("the-first-secret-0123456789-ABCDEFGHI", []Version{
		{3, "the-third-secret-0123456789-ABCDEFGHI"}, {2, "the-second-secret-0123456789-ABCDEFGH"},
	})
	if err != nil {
		b.Fatal(err)
	}
	three.AcceptOlder()
	for _, c := range []struct {
		name           string
		signer, reader *Secrets
	}{{"one", one, one}, {"current of three", three, three}, {"oldest of three", one, three}} {
		signed := c.signer.Sign("a-session-token-of-32-characters")
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, ok := c.reader.Verify(signed); !ok {
					b.Fatal("refused")
				}
			}
		})
	}
}
