package swap

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
)

// device keeps cookies as a browser does, and follows no redirect.
type device struct {
	site   *site
	jar    *cookiejar.Jar
	bearer string // sent in place of cookies
	from   string // its address, where that matters
	// token is that of the session it has; empty when it has none.
	token string
	// forgets is set for one that was told not to remember.
	forgets bool
}

// reply is what came back.
type reply struct {
	side   side
	status int
	header http.Header
	text   string
}

func (s *site) device() *device {
	jar, _ := cookiejar.New(nil)
	return &device{site: s, jar: jar}
}

// copied gives another device with the same cookies.
func (b *device) copied() *device {
	c := b.site.device()
	c.jar.SetCookies(b.address(), b.jar.Cookies(b.address()))
	c.token, c.bearer, c.forgets = b.token, b.bearer, b.forgets
	return c
}

func (b *device) address() *url.URL {
	u, _ := url.Parse(b.site.url)
	return u
}

// get asks for a path of the API, or for a whole address; post sends a body.
func (b *device) get(s side, path string) (reply, error) {
	return b.send(s, http.MethodGet, path, nil, true)
}

func (b *device) post(s side, path string, body any) (reply, error) {
	return b.send(s, http.MethodPost, path, body, true)
}

// send asks a side, or either where that is empty, and keeps the cookies of the
// answer if it is told to.
func (b *device) send(s side, method, path string, body any, keep bool) (reply, error) {
	r, err := b.request(method, path, body)
	if err != nil {
		return reply{}, err
	}
	if s != "" {
		r.Header.Set(askedSide, string(s))
	}
	res, err := unfollowed.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if keep && b.bearer == "" {
		b.jar.SetCookies(b.address(), res.Cookies())
	}
	return reply{side(res.Header.Get(askedSide)), res.StatusCode, res.Header, string(text)}, err
}

// unfollowed is how devices reach the fronts; their cookies are their own.
var unfollowed = &http.Client{
	Transport:     &http.Transport{MaxIdleConnsPerHost: 50},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Timeout:       deliveredWithin,
}

func (b *device) request(method, path string, body any) (*http.Request, error) {
	if strings.HasPrefix(path, "/") {
		path = b.site.url + "/api/auth" + path
	}
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		content = strings.NewReader(string(text))
	}
	r, err := http.NewRequest(method, path, content)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Origin", b.site.url)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if b.from != "" {
		r.Header.Set(clientAddress, b.from)
	}
	if b.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+b.bearer)
		return r, nil
	}
	for _, c := range b.jar.Cookies(b.address()) {
		r.AddCookie(c)
	}
	return r, nil
}

// uncache drops the copy of the session, as a browser does at the end of its age.
func (b *device) uncache() {
	for _, c := range b.jar.Cookies(b.address()) {
		if strings.Contains(c.Name, "session_data") {
			b.jar.SetCookies(b.address(), []*http.Cookie{{Name: c.Name, MaxAge: -1, Path: "/"}})
		}
	}
}

// json reads the body as an object.
func (a reply) json() map[string]any {
	var out map[string]any
	_ = json.Unmarshal([]byte(a.text), &out)
	return out
}

// member gives a text at a path of the body, such as user.email.
func (a reply) member(path string) string {
	object := a.json()
	names := strings.Split(path, ".")
	for _, name := range names[:len(names)-1] {
		object, _ = object[name].(map[string]any)
	}
	text, _ := object[names[len(names)-1]].(string)
	return text
}

// cookies gives the cookies that the answer sets, without their values.
func (a reply) cookies() []string {
	var all []string
	for _, line := range a.header["Set-Cookie"] {
		pair, attributes, _ := strings.Cut(line, ";")
		name, _, _ := strings.Cut(pair, "=")
		all = append(all, name+";"+attributes)
	}
	slices.Sort(all)
	return all
}
