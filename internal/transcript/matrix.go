package transcript

import (
	"encoding/json"
	"hash/fnv"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/server"
)

// setting is a part of a configuration that must make no difference between two
// servers, whatever else is configured.
type setting struct{ name, patch string }

// cacheSettings are the forms of the cookie that spares session reads, and none.
var cacheSettings = []setting{
	{"no cache", ""},
	{"compact cache", `{"session":{"cookieCache":{"enabled":true,"strategy":"compact"}}}`},
	{"jwt cache", `{"session":{"cookieCache":{"enabled":true,"strategy":"jwt"}}}`},
	{"jwe cache", `{"session":{"cookieCache":{"enabled":true,"strategy":"jwe"}}}`},
}

// pluginSettings are the conversation's own plugins, none, and all there are.
var pluginSettings = []setting{
	{"own plugins", ""},
	{"no plugins", `{"plugins":null}`},
	{allPlugins, everyPlugin()},
}

const allPlugins = "all plugins"

// everyPlugin turns on all that there are.
func everyPlugin() string {
	on := map[string]any{}
	for field := range reflect.TypeFor[server.Plugins]().Fields() {
		if field.Type.Kind() == reflect.Pointer {
			on[field.Tag.Get("yaml")] = struct{}{}
		}
	}
	text, _ := json.Marshal(map[string]any{"plugins": on})
	return string(text)
}

// ownPlugin tells whether the conversation is about a plugin without which it
// makes no sense: any but those that only answer otherwise.
func (c Conversation) ownPlugin() bool {
	var config struct{ Plugins map[string]any }
	if json.Unmarshal([]byte(c.Config), &config) != nil {
		return false
	}
	for name := range config.Plugins {
		if name != "jwt" && name != "bearer" && name != "openAPI" {
			return true
		}
	}
	return false
}

// Matrix gives the conversation under every other setting of the cookie cache
// and of plugins than its own. Nothing is recorded of these: both servers play
// live.
func (c Conversation) Matrix() []Conversation {
	own := c.Config
	caches := cacheSettings
	if strings.Contains(own, `"cookieCache"`) || c.Uncached != "" {
		caches = caches[:1] // it is about one, or against one
	}
	plugins := pluginSettings
	if c.ownPlugin() {
		plugins = slices.DeleteFunc(slices.Clone(plugins), func(s setting) bool { return s.name == "no plugins" })
	}
	var all []Conversation
	seen := map[string]bool{own: true}
	for _, cache := range caches {
		for _, plugin := range plugins {
			other, err := c.under(cache, plugin)
			if err == nil && !seen[other.Config] {
				all = append(all, other)
				seen[other.Config] = true
			}
		}
	}
	return all
}

func (c Conversation) under(settings ...setting) (Conversation, error) {
	names := make([]string, len(settings))
	for i, s := range settings {
		config, err := mergeConfig([]byte(c.Config), []byte(s.patch))
		if err != nil {
			return c, err
		}
		c.Config, names[i] = config, s.name
	}
	c.Name += " (" + strings.Join(names, ", ") + ")"
	return c, nil
}

// Sample is one conversation of the matrix, always the same one, for every sixth
// conversation; together they meet every setting many times. One about a plugin
// is played with everything on.
func (c Conversation) Sample() (Conversation, bool) {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(c.String()))
	all := c.Matrix()
	if c.ownPlugin() {
		all = slices.DeleteFunc(all, func(other Conversation) bool { return !strings.Contains(other.Name, allPlugins) })
	}
	if len(all) == 0 {
		return c, false
	}
	// By thirds, as when a third was played: those that are left keep their settings.
	number := int(hash.Sum32() / 3)
	return all[number%len(all)], hash.Sum32()%6 == 0
}

// Waits tells whether the conversation has steps that let time pass.
func (c Conversation) Waits() bool {
	for _, s := range c.Steps {
		if s.Sleep > 0 || s.Settle {
			return true
		}
	}
	return false
}

// ExpectUnder is [Conversation.Expect] for other settings than those for which
// the wanted differences are written: the steps that have one are expected to go
// as they went. Four differences may show everywhere: sallyport sends all cookies
// of a session check, of which the original keeps the last, and knows the address
// of a client that names none, which a copy of the session holds too. A user who is
// made up has the role of a real one. And what makes the original fail is refused.
func (c Conversation) ExpectUnder(original, got Recording) Recording {
	expected := Recording{Conversation: original.Conversation}
	for i, answer := range original.Answers {
		if i < len(c.Steps) && i < len(got.Answers) {
			answer.Body = withRole(answer.Body, got.Answers[i].Body)
			answer.Cookies = withAddress(answer.Cookies, got.Answers[i].Cookies)
			switch now := got.Answers[i]; {
			case c.Steps[i].Wanted != nil, answer.Status == http.StatusInternalServerError && now.Status/100 == 4:
				answer = now
			case renews(answer.Cookies, now.Cookies):
				answer.Cookies = now.Cookies
				answer.Headers = withHeaderOf(answer.Headers, now.Headers, "set-auth-token")
			}
		}
		expected.Answers = append(expected.Answers, answer)
	}
	return expected
}

// renews tells whether sallyport's cookies end with the original's, which are
// those of the cookie cache, and begin with one of a session check.
func renews(original, got []string) bool {
	more := len(got) - len(original)
	return more == 1 && len(original) > 0 && slices.Equal(original, got[more:]) &&
		strings.Contains(original[0], "session_data=") &&
		(strings.Contains(got[0], "session_token=") || strings.Contains(got[0], "session_data=; Max-Age=0"))
}

// withAddress puts the socket's address where other cookies have it and these
// have none.
func withAddress(cookies, others []string) []string {
	cookies = slices.Clone(cookies)
	for i, line := range cookies {
		known := strings.Replace(line, `"ipAddress":""`, `"ipAddress":"127.0.0.1"`, 1)
		if i < len(others) && known == others[i] {
			cookies[i] = known
		}
	}
	return cookies
}

// withRole puts the role of new users where the other body has it and this one
// has none.
func withRole(body, other string) string {
	if like := strings.Replace(body, `"role":null`, `"role":"user"`, 1); like == other {
		return like
	}
	return body
}

// withHeaderOf takes over a header from other lines, where they have it.
func withHeaderOf(lines, others []string, name string) []string {
	for _, line := range others {
		if strings.HasPrefix(line, name+": ") {
			lines = replaced(lines, line)
		}
	}
	return lines
}
