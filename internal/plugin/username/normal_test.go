package username

import "testing"

// What JavaScript's toLowerCase and trim give for the same texts.
func TestNormalForms(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ form, from, want string }{
		{lowercase, "Al_Ice.9", "al_ice.9"},
		{lowercase, "ÄÉÎ", "äéî"},
		{lowercase, "İI", "i\u0307i"},
		{lowercase, "ΣΑΣ Σ ΑΣ. ΑΣΑ", "σας σ ας. ασα"},
		{lowercase, "K\u212a", "kk"},
		{lowercase, "ǅẞ\U00010400", "ǆß\U00010428"},
		{lowercase, " A ", " a "},
		{trim, "\ufeff\u00a0\u2003 A b\u3000\n", "A b"},
		{trim, "\u0085A\u200b", "\u0085A\u200b"},
		{none, " A ", " A "},
		{"", " A ", " A "},
	} {
		normal := normalizer(tt.form)
		if got := normal(tt.from); got != tt.want {
			t.Errorf("%s of %q is %q, want %q", tt.form, tt.from, got, tt.want)
		}
		if got := normal(normal(tt.from)); got != tt.want {
			t.Errorf("%s twice of %q is %q", tt.form, tt.from, got)
		}
	}
}
