package oauth_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// again is what JavaScript makes of a text, read and written again; null for what it
// does not read.
const again = `
import { text } from "node:stream/consumers";
const out = [];
for (const s of JSON.parse(await text(process.stdin))) { try { out.push(JSON.stringify(JSON.parse(s))); } catch { out.push(null); } }
console.log(JSON.stringify(out));
`

func TestJSONIsReadAndWrittenAsJavaScriptDoes(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", " ", "{", "[1,]", `{"a":1,}`, "{}x", "nul", "'a'", "01", "+1", ".5", "1.", "1e", "NaN", "Infinity", "\t[ 1 , 2 ]\n",
		`{"a":1,"a":{"b":2},"a":3}`, `{"b":1,"a":2,"10":3,"9":4,"01":5,"-1":6,"4294967295":7,"4294967294":8,"1.5":9}`,
		`{"__proto__":{"x":1},"constructor":2,"toString":null,"":0}`, `"\u00e9\ud83d\ude00\u2028\n\"\\\/\b\f\u0001"`, `"<>&é"`,
		`[true,false,null,"",{},[]]`, `{"a":[{"b":[[]]}]}`,
	}
	for _, number := range []string{
		"0", "-0", "0.0", "1", "-1", "1.0", "1.50", "100", "1e2", "1E+2", "123456789012345678", "9007199254740993", "12345678901234567890",
		"1e20", "1e21", "123456789e15", "0.000001", "0.0000001", "1e-7", "1.5e-9", "1e-10", "1e300", "1e308", "1.7976931348623157e308", "1e309",
		"-1e999", "5e-324", "1e-400", "0.1", "0.30000000000000004", "3.14159265358979323846", strings.Repeat("9", 400),
	} {
		texts = append(texts, number, `{"id":`+number+`}`)
	}
	var want []*string
	if err := oracle.Script(t.Context(), again, texts, &want); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		v, err := oauth.ParseValue([]byte(text))
		if want[i] == nil || err != nil {
			if want[i] != nil || err == nil {
				t.Errorf("%q: %v, %v", text, v, err)
			}
			continue
		}
		if got, err := api.JSON(v); err != nil || string(got) != *want[i] {
			t.Errorf("%q: %s, %v; want %s", text, got, err, *want[i])
		}
	}
}

// What another server sends is read in a time that its size bounds.
func TestLongAndDeepJSONIsRefusedOrReadAtOnce(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&many, `,"k%d":%d`, i, i)
	}
	begun := time.Now()
	if o, err := oauth.ParseObject([]byte(`{"a":1` + many.String() + `}`)); err != nil || len(o) != 60_001 {
		t.Errorf("%d members, %v", len(o), err)
	}
	for depth, good := range map[int]bool{64: true, 65: false, 5_000: false, 200_000: false} {
		for _, brackets := range []string{"[]", `{"a":}`} {
			text := strings.Repeat(brackets[:len(brackets)-1], depth) + "1" + strings.Repeat(brackets[len(brackets)-1:], depth)
			if _, err := oauth.ParseValue([]byte(text)); (err == nil) != good {
				t.Errorf("%d deep in %s: %v", depth, brackets, err)
			}
		}
	}
	if took := time.Since(begun); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestPathsOfAProfile(t *testing.T) {
	t.Parallel()
	profile, err := oauth.ParseObject([]byte(`{"a":{"b":[{"c":1},null]},"https://slack.com/user_id":"U1","x.y":2,"x":{"y":3},"n":null,"s":"text"}`))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]any{
		"https://slack.com/user_id": "U1", "x.y": 2.0, "a.b.0.c": 1.0, "a.b.1": nil, "n": nil, "s": "text",
		"": oauth.Undefined{}, "a.b.2": oauth.Undefined{}, "a.b.-1": oauth.Undefined{}, "a.b.x": oauth.Undefined{}, "a..b": oauth.Undefined{},
		"n.x": oauth.Undefined{}, "s.length": oauth.Undefined{}, "nothing": oauth.Undefined{}, "a.b.99999999999999999999": oauth.Undefined{},
	} {
		if got := oauth.At(profile, path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}

func FuzzParseValue(f *testing.F) {
	for _, text := range []string{`{"a":[1,{"b":null}]}`, `[[[[`, `1e999`, `"\ud800"`, `{"a":1,"a":2}`, "\xff", "\ufeff{}"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := oauth.ParseValue(text)
		if err != nil {
			return
		}
		written, err := api.JSON(v)
		if err != nil || !json.Valid(written) {
			t.Fatalf("%q is written as %s, %v", text, written, err)
		}
		second, err := oauth.ParseValue(written)
		if err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		if twice, _ := api.JSON(second); string(twice) != string(written) {
			t.Fatalf("%s is read again as %s", written, twice)
		}
		if number, ok := v.(float64); ok && math.IsNaN(number) {
			t.Fatalf("%q is no number", text)
		}
	})
}

func TestTruthy(t *testing.T) {
	for value, want := range map[any]bool{
		nil: false, oauth.Undefined{}: false, "": false, 0.0: false, false: false,
		" ": true, "0": true, -1.0: true, true: true, &api.Object{}: true,
	} {
		if got := oauth.Truthy(value); got != want {
			t.Errorf("%#v: %v", value, got)
		}
	}
	if oauth.Truthy(math.NaN()) {
		t.Error("NaN counts as true")
	}
}
