package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type echoInput struct {
	Text string `json:"text"`
}

// play answers one request and gives the answer.
func play(d *Dispatcher, route Route, r *http.Request) *http.Response {
	if d.Authenticate == nil {
		d.Authenticate = func(context.Context, *Call, Access) error { return nil }
	}
	w := httptest.NewRecorder()
	d.Serve(w, r, &route, "203.0.113.7", slog.New(slog.DiscardHandler))
	return w.Result()
}

func post(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/echo?q=1&q=2", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func body(t *testing.T, res *http.Response) string {
	t.Helper()
	var b strings.Builder
	if err := res.Write(&b); err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(b.String(), "\r\n\r\n")
	return text
}

func TestStepsComeInTheOriginalsOrder(t *testing.T) {
	var steps []string
	note := func(s string) { steps = append(steps, s) }
	d := &Dispatcher{
		CheckOrigin:  func(*Call) error { note("origin"); return nil },
		CheckForm:    func(*Call) error { note("form"); return nil },
		Authenticate: func(context.Context, *Call, Access) error { note("session"); return nil },
		Before: []Hook{
			{On: Always, Run: func(context.Context, *Call) error { note("before 1"); return nil }},
			{On: Path("/other"), Run: func(context.Context, *Call) error { note("never"); return nil }},
			{On: Path("/echo"), Run: func(context.Context, *Call) error { note("before 2"); return nil }},
		},
		After: []Hook{{On: Always, Run: func(context.Context, *Call) error { note("after"); return nil }}},
	}
	route := POST("/echo", SignedIn, func(_ context.Context, _ *Call, in echoInput) (echoInput, error) {
		note("handler " + in.Text)
		return in, nil
	}, CheckForm())
	res := play(d, route, post(`{"text":"x"}`))
	want := []string{"origin", "before 1", "before 2", "form", "session", "handler x", "after"}
	if !slices.Equal(steps, want) {
		t.Errorf("steps were %v, want %v", steps, want)
	}
	if got := body(t, res); got != `{"text":"x"}` || res.StatusCode != 200 {
		t.Errorf("answered %d %s", res.StatusCode, got)
	}

	// An input that is wrong is told before a missing session is, and hooks
	// after the handler see that error.
	steps = nil
	res = play(d, route, post(`{}`))
	if want := []string{"origin", "before 1", "before 2", "after"}; !slices.Equal(steps, want) || res.StatusCode != 400 {
		t.Errorf("steps were %v, status %d", steps, res.StatusCode)
	}
}

func TestErrorsOutsideTheHandlerSkipAfterHooks(t *testing.T) {
	refused := NewError(403, "INVALID_ORIGIN", "Invalid origin")
	after := 0
	d := &Dispatcher{
		CheckOrigin: func(*Call) error { return refused },
		After:       []Hook{{On: Always, Run: func(context.Context, *Call) error { after++; return nil }}},
	}
	res := play(d, POST("/echo", Public, echo), post(`{"text":"x"}`))
	if got, want := body(t, res), `{"message":"Invalid origin","code":"INVALID_ORIGIN"}`; got != want || res.StatusCode != 403 {
		t.Errorf("answered %d %s", res.StatusCode, got)
	}
	if after != 0 {
		t.Error("an after-hook ran")
	}
}

func echo(_ context.Context, _ *Call, in echoInput) (echoInput, error) { return in, nil }

func TestBodies(t *testing.T) {
	form := POST("/echo", Public, echo, AcceptForm())
	plain := POST("/echo", Public, echo)
	tests := []struct {
		name        string
		route       Route
		contentType string
		body        string
		status      int
		want        string
	}{
		{"json", plain, "application/json", `{"text":"x"}`, 200, `{"text":"x"}`},
		{"parameters and case", plain, "Application/JSON ; charset=utf-8", `{"text":"x"}`, 200, `{"text":"x"}`},
		{"byte-order mark", plain, "application/json", "\xef\xbb\xbf" + `{"text":"x"}`, 200, `{"text":"x"}`},
		{"broken", plain, "application/json", `{"text"`, 400, `{"message":"Invalid JSON in request body","code":"BAD_REQUEST"}`},
		{"two values", plain, "application/json", `{"text":"x"} {}`, 400, `{"message":"Invalid JSON in request body","code":"BAD_REQUEST"}`},
		{"not UTF-8", plain, "application/json", "{\"text\":\"\xff\"}", 400, `{"message":"Invalid JSON in request body","code":"BAD_REQUEST"}`},
		{"too deep", plain, "application/json", `{"text":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, 400, `{"message":"Invalid JSON in request body","code":"BAD_REQUEST"}`},
		{"brackets in a string", plain, "application/json", `{"text":"` + strings.Repeat("[", 99) + `"}`, 200, `{"text":"` + strings.Repeat("[", 99) + `"}`},
		{"no type is no body", plain, "", `{"text":"x"}`, 400, `{"message":"[body] Invalid input: expected object, received undefined","code":"VALIDATION_ERROR"}`},
		{"no content is no body", plain, "application/json", "", 400, `{"message":"[body] Invalid input: expected object, received undefined","code":"VALIDATION_ERROR"}`},
		{"wrong type", plain, "text/plain; x=1", "x", 415, `{"message":"Content-Type \"text/plain; x=1\" is not allowed. Allowed types: application/json","code":"UNSUPPORTED_MEDIA_TYPE"}`},
		{"json by another name", form, "application/vnd.api+json", "{}", 415, `{"message":"Content-Type \"application/vnd.api+json\" is not allowed. Allowed types: application/x-www-form-urlencoded, application/json","code":"UNSUPPORTED_MEDIA_TYPE"}`},
		{"form", form, "application/x-www-form-urlencoded", "text=a+b&text=c%20d", 200, `{"text":"c d"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/echo", strings.NewReader(tt.body))
			if tt.contentType != "" {
				r.Header.Set("Content-Type", tt.contentType)
			}
			res := play(&Dispatcher{}, tt.route, r)
			if got := body(t, res); res.StatusCode != tt.status || got != tt.want {
				t.Errorf("got  %d %s\nwant %d %s", res.StatusCode, got, tt.status, tt.want)
			}
		})
	}
}

func TestTooLargeABodyIs413(t *testing.T) {
	r := post(`{"text":"` + strings.Repeat("x", 100) + `"}`)
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 50)
	res := play(&Dispatcher{}, POST("/echo", Public, echo), r)
	if got := body(t, res); res.StatusCode != 413 || !strings.Contains(got, `"code":"PAYLOAD_TOO_LARGE"`) {
		t.Errorf("answered %d %s", res.StatusCode, got)
	}
}

func TestWhatAnErrorBecomes(t *testing.T) {
	tests := []struct {
		name        string
		err         error
		status      int
		body        string
		contentType string
		retryAfter  string
	}{
		{"one of ours", fmt.Errorf("reading: %w", NewError(401, "X", "No")), 401, `{"message":"No","code":"X"}`, "application/json", ""},
		{"without a code", NewError(400, "", "No"), 400, `{"message":"No"}`, "application/json", ""},
		{"without a body", NewError(404, "", ""), 404, "", "application/json", ""},
		{"internal", errors.New("secret detail"), 500, "", "", ""},
		{"database away", fmt.Errorf("x: %w", store.ErrUnavailable), 503, `{"message":"Service is temporarily unavailable. Please try again later.","code":"SERVICE_UNAVAILABLE"}`, "application/json", "1"},
		{"hashing stopped", fmt.Errorf("x: %w", secure.ErrClosed), 503, `{"message":"Service is temporarily unavailable. Please try again later.","code":"SERVICE_UNAVAILABLE"}`, "application/json", "1"},
		{"deadline over", fmt.Errorf("x: %w", context.DeadlineExceeded), 503, `{"message":"Service is temporarily unavailable. Please try again later.","code":"SERVICE_UNAVAILABLE"}`, "application/json", "1"},
		{"client gone", fmt.Errorf("x: %w", context.Canceled), 499, "", "application/json", ""},
		{"hashing busy", &secure.BusyError{RetryAfter: 2500 * time.Millisecond}, 503, `{"message":"Service is temporarily unavailable. Please try again later.","code":"SERVICE_UNAVAILABLE"}`, "application/json", "3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			route := POST("/echo", Public, func(context.Context, *Call, None) (echoInput, error) { return echoInput{}, tt.err })
			res := play(&Dispatcher{}, route, post("{}"))
			if got := body(t, res); res.StatusCode != tt.status || got != tt.body {
				t.Errorf("got  %d %s\nwant %d %s", res.StatusCode, got, tt.status, tt.body)
			}
			if got := res.Header.Get("Content-Type"); got != tt.contentType {
				t.Errorf("content type %q", got)
			}
			if got := res.Header.Get("Retry-After"); got != tt.retryAfter {
				t.Errorf("Retry-After %q", got)
			}
		})
	}
}

func TestCookiesOfAnAnswer(t *testing.T) {
	route := POST("/echo", Public, func(_ context.Context, c *Call, _ None) (Empty, error) {
		c.SetCookie(Cookie{Name: "a", Value: "1"})
		c.SetCookie(Cookie{Name: "a.0", Value: "2"})
		c.SetCookie(Cookie{Name: "ab", Value: "3"})
		c.ExpireCookie(Cookie{Name: "a"})
		return Empty{}, NewError(401, "X", "No")
	})
	res := play(&Dispatcher{}, route, post("{}"))
	want := []string{"ab=3", "a=; Max-Age=0"}
	if got := res.Header.Values("Set-Cookie"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q: an error keeps the cookies set before it", got, want)
	}
}

func TestAnAnswerAtTheEndOfItsTimeIsRefused(t *testing.T) {
	for _, output := range []any{map[string]bool{"success": true}, Redirect("https://a.test"), Page("https://a.test")} {
		ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		res := play(&Dispatcher{}, POST("/echo", Public, func(_ context.Context, c *Call, _ echoInput) (any, error) {
			c.SetCookie(Cookie{Name: "a", Value: "1"})
			c.SetLocation("https://a.test")
			return output, nil
		}), post(`{"text":"x"}`).WithContext(ctx))
		cancel()
		if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") != "1" || res.Header.Get("Set-Cookie") != "" || res.Header.Get("Location") != "" {
			t.Errorf("%v: %d %v", output, res.StatusCode, res.Header)
		}
	}
}

func TestRedirectAndPage(t *testing.T) {
	redirect := GET("/echo", Public, func(context.Context, *Call, None) (Redirect, error) { return "/there?x=1", nil })
	page := GET("/echo", Public, func(context.Context, *Call, None) (Page, error) { return "/there", nil })
	after := 0
	d := &Dispatcher{After: []Hook{{On: Always, Run: func(context.Context, *Call) error { after++; return nil }}}}
	res := play(d, redirect, httptest.NewRequest(http.MethodGet, "/echo", nil))
	if res.StatusCode != 302 || res.Header.Get("Location") != "/there?x=1" || res.Header.Get("Content-Type") != "application/json" || after != 1 {
		t.Errorf("redirect answered %d %v", res.StatusCode, res.Header)
	}
	res = play(d, page, httptest.NewRequest(http.MethodGet, "/echo", nil))
	if res.StatusCode != 302 || res.Header.Get("Location") != "/there" || res.Header.Get("Content-Type") != "" || after != 1 {
		t.Errorf("page answered %d %v, %d hooks", res.StatusCode, res.Header, after)
	}
}

func TestExposeMergesNames(t *testing.T) {
	route := GET("/echo", Public, func(_ context.Context, c *Call, _ None) (*echoInput, error) {
		c.Expose("set-auth-jwt", "j")
		c.Expose("set-auth-token", "t")
		c.Expose("Set-Auth-Token", "u")
		return nil, nil
	})
	res := play(&Dispatcher{}, route, httptest.NewRequest(http.MethodGet, "/echo", nil))
	if got := res.Header.Get("Access-Control-Expose-Headers"); got != "set-auth-jwt, set-auth-token" {
		t.Errorf("exposed %q", got)
	}
	if got := body(t, res); got != "null" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("answered %s %v", got, res.Header)
	}
}

func TestQueryAndHeaders(t *testing.T) {
	route := GET("/echo", Public, func(_ context.Context, c *Call, _ None) ([]any, error) {
		return []any{c.QueryField("q"), c.QueryText("q"), c.QueryField("none"), c.Header("User-Agent"), c.Address, FromContext(c.Request.Context()) == nil}, nil
	})
	r := httptest.NewRequest(http.MethodGet, "/echo?q=1&q=2", nil)
	r.Header.Set("User-Agent", "caf\xc3\xa9")
	res := play(&Dispatcher{}, route, r)
	if got, want := body(t, res), `[["1","2"],"1",null,"cafÃ©","203.0.113.7",true]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A key set may be kept by proxies; a failure to give it may not.
func TestCacheableRoutesAreNotStoredWhenTheyFail(t *testing.T) {
	var fails error
	route := GET("/echo", Public, func(context.Context, *Call, None) (Empty, error) { return Empty{}, fails }, Cacheable())
	r := httptest.NewRequest(http.MethodGet, "/echo", nil)
	if got := play(&Dispatcher{}, route, r).Header.Get("Cache-Control"); got != "" {
		t.Errorf("the answer says %q", got)
	}
	fails = store.ErrUnavailable
	if got := play(&Dispatcher{}, route, r).Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the failure says %q", got)
	}
}

func TestAHandlerMayAnswerWithSomethingElse(t *testing.T) {
	var seen any
	d := &Dispatcher{After: []Hook{{On: Always, Run: func(_ context.Context, c *Call) error { seen = c.Output; return nil }}}}
	other := map[string]any{"more": true}
	route := POST("/echo", Public, func(context.Context, *Call, echoInput) (echoInput, error) {
		return echoInput{Text: "not sent"}, fmt.Errorf("on the way: %w", Instead(other))
	})
	res := play(d, route, post(`{"text":"x"}`))
	if got := body(t, res); got != `{"more":true}` || res.StatusCode != http.StatusOK || seen == nil {
		t.Errorf("answered %d %s, and hooks saw %v", res.StatusCode, got, seen)
	}
}

// A step before the handler may answer too. No hook sees that, and no cookie is set.
func TestAStepBeforeTheHandlerMayAnswer(t *testing.T) {
	called := 0
	count := func(context.Context, *Call) error { called++; return nil }
	d := &Dispatcher{
		Before: []Hook{{On: Always, Run: func(_ context.Context, c *Call) error {
			c.SetCookie(Cookie{Name: "a", Value: "b"})
			return Instead(Redirect("/elsewhere"))
		}}, {On: Always, Run: count}},
		After: []Hook{{On: Always, Run: count}},
	}
	res := play(d, POST("/echo", Public, func(_ context.Context, _ *Call, in echoInput) (echoInput, error) { called++; return in, nil }), post(`{}`))
	if to := res.Header.Get("Location"); res.StatusCode != 302 || to != "/elsewhere" || called != 0 || len(res.Cookies()) != 0 {
		t.Errorf("answered %d to %q after %d steps", res.StatusCode, to, called)
	}
}

func TestHooksMayChangeTheBody(t *testing.T) {
	d := &Dispatcher{Before: []Hook{{On: Always, Run: func(_ context.Context, c *Call) error {
		c.SetBodyField("text", fmt.Sprint(c.BodyField("text"), "!"))
		return nil
	}}}}
	route := POST("/echo", Public, func(_ context.Context, _ *Call, in echoInput) (echoInput, error) { return in, nil })
	if got := body(t, play(d, route, post(`{"text":"x"}`))); got != `{"text":"x!"}` {
		t.Errorf("answered %s", got)
	}
	if res := play(d, route, post(`["x"]`)); res.StatusCode != http.StatusBadRequest {
		t.Errorf("a list is answered with %d", res.StatusCode)
	}
}
