package api

import "testing"

func TestStoredJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"b": 1, "a": [true, null]}`:             `{"b":1,"a":[true,null]}`,
		`{"x": 1, "10": 2, "9": 3, "01": 4}`:      `{"9":3,"10":2,"x":1,"01":4}`,
		`{"4294967295": 1, "4294967294": 2}`:      `{"4294967294":2,"4294967295":1}`,
		`[1.0, 1e3, 0.10, -0, 1e999, 1e21, 1e-7]`: `[1,1000,0.1,0,null,1e+21,1e-7]`,
		`"<&>"`: `"<&>"`,
		`[]`:    `[]`,
		`{}`:    `{}`,
		``:      `null`,
		`{"a"`:  `null`,
	} {
		if got := string(StoredJSON([]byte(text))); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
