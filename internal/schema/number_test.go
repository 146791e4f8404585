package schema_test

import (
	"testing"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

func TestNumbersAreReadAndWrittenAsInJavaScript(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "0", " \t\n": "0", "5": "5", " 5\u00a0": "5", "+5": "5", "-5": "-5", "5.": "5", ".5": "0.5", "5.0": "5", "-0": "0",
		"1e3": "1000", "1E-7": "1e-7", "1e21": "1e+21", "123456789012345678": "123456789012345680", "1e400": "Infinity",
		"0x1F": "31", "0b101": "5", "0O17": "15", "0x": "NaN", "-0x10": "NaN", "0xfffffffffffff": "4503599627370495",
		"Infinity": "Infinity", "+Infinity": "Infinity", "-Infinity": "-Infinity", "inf": "NaN", "infinity": "NaN", "NaN": "NaN",
		"1_000": "NaN", "1,5": "NaN", "5 6": "NaN", "e5": "NaN", "five": "NaN", "null": "NaN", ".": "NaN",
	} {
		if got := schema.NumberText(schema.ParseNumber(text)); got != want {
			t.Errorf("%q reads as %s, want %s", text, got, want)
		}
	}
}
