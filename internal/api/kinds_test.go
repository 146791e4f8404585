package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
)

type kinds struct {
	ID    Coerced  `json:"id"`
	Role  *Texts   `json:"role"`
	Data  *Record  `json:"data"`
	Count *float64 `json:"count"`
}

func TestWhatIsCoercedToText(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Coerced{
		`{"id":null}`:                 "null",
		`{"id":"a b"}`:                "a b",
		`{"id":true}`:                 "true",
		`{"id":12}`:                   "12",
		`{"id":-0.0}`:                 "0",
		`{"id":1.50}`:                 "1.5",
		`{"id":1e21}`:                 "1e+21",
		`{"id":1e999}`:                "Infinity",
		`{"id":[1,null,["x",false]]}`: "1,,x,false",
		`{"id":[]}`:                   "",
		`{"id":{"a":1}}`:              "[object Object]",
		`{"id":[{}]}`:                 "[object Object]",
	} {
		if in, err := decodeBody[kinds](t, body); err != nil || in.ID != want {
			t.Errorf("%s: %q %v, want %q", body, in.ID, err, want)
		}
	}
}

func TestTextsAndRecordsAndNumbers(t *testing.T) {
	t.Parallel()
	in, err := decodeBody[kinds](t, `{"id":"1","role":["a","b"],"data":{"x":null},"count":1.5}`)
	if err != nil || !in.Role.List || !slices.Equal(in.Role.Values, []string{"a", "b"}) || *in.Count != 1.5 {
		t.Errorf("%+v %v", in, err)
	}
	if v, given := (*in.Data)["x"]; !given || v != nil {
		t.Errorf("data is %v", *in.Data)
	}
	if in, err := decodeBody[kinds](t, `{"id":"1","role":"a,b"}`); err != nil || in.Role.List || in.Role.Values[0] != "a,b" || in.Data != nil {
		t.Errorf("%+v %v", in, err)
	}
	for body, want := range map[string]string{
		`{}`:                             "[body.id] Invalid input: expected nonoptional, received undefined",
		`{"id":"1","role":5}`:            "[body.role] Invalid input",
		`{"id":"1","role":["a",5]}`:      "[body.role] Invalid input",
		`{"id":"1","role":null}`:         "[body.role] Invalid input",
		`{"id":"1","role":["a\u0000"]}`:  "[body.role] Invalid string: must not contain a null character",
		`{"id":["\u0000"]}`:              "[body.id] Invalid string: must not contain a null character",
		`{"id":"1","data":[]}`:           "[body.data] Invalid input: expected record, received array",
		`{"id":"1","data":"x"}`:          "[body.data] Invalid input: expected record, received string",
		`{"id":"1","count":"1"}`:         "[body.count] Invalid input: expected number, received string",
		`{"id":"1","count":1e999}`:       "[body.count] Invalid input: expected number, received Infinity",
		`{"id":"1","data":1,"count":{}}`: "[body.data] Invalid input: expected record, received number; [body.count] Invalid input: expected number, received object",
	} {
		_, err := decodeBody[kinds](t, body)
		if e := new(Error); !errors.As(err, &e) || e.Message != want {
			t.Errorf("%s\n got %v\nwant %s", body, err, want)
		}
	}
}

type choosy struct {
	Text string `json:"text"`
}

func (in choosy) Validate() error {
	if in.Text == "bad" {
		return NewError(http.StatusBadRequest, "", "Not that")
	}
	return nil
}

func TestAnInputMayRefuseItselfBeforeTheSessionIsAsked(t *testing.T) {
	t.Parallel()
	d := &Dispatcher{Authenticate: func(context.Context, *Call, Access) error { return ErrUnauthorized }}
	handler := func(context.Context, *Call, choosy) (Empty, error) { return Empty{}, nil }
	for _, tt := range []struct {
		route      Route
		text, want string
		status     int
	}{
		{POST("/echo", Sensitive, handler), `{"text":"bad"}`, `{"message":"Not that"}`, 400},
		{POST("/echo", Sensitive, handler), `{"text":"good"}`, `{"message":"Unauthorized","code":"UNAUTHORIZED"}`, 401},
		{POST("/echo", Sensitive, handler, Wordless()), `{"text":"bad"}`, `{"message":"Not that"}`, 400},
		{POST("/echo", Sensitive, handler, Wordless()), `{"text":"good"}`, "", 401},
	} {
		res := play(d, tt.route, post(tt.text))
		if got := body(t, res); res.StatusCode != tt.status || got != tt.want {
			t.Errorf("%s: %d %s, want %d %s", tt.text, res.StatusCode, got, tt.status, tt.want)
		}
	}
}
