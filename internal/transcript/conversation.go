package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Conversation is one script: a server configuration and what is said to a
// server that runs with it.
type Conversation struct {
	// Topic is the file's name without its ending, Name the script's own.
	Topic, Name string
	// Config is the configuration file's JSON text, as both servers take it.
	Config string
	// Offsets are further distances in seconds from a step's time that times in
	// this conversation may have, beyond those the configuration names.
	Offsets []int64
	// Uncached says, as a row of docs/compatibility.md begins, why the matrix
	// leaves the cookie cache off here.
	Uncached string
	Steps    []Step
}

// String is the name that recordings and tests use.
func (c Conversation) String() string { return c.Topic + "/" + c.Name }

// file is the form of testdata/<topic>.json. A conversation's config is laid
// over the file's, its headers and its steps' over the file's headers. Where the
// file names variants, every conversation is played under the configuration of
// each, which is laid over the file's.
type file struct {
	Config        json.RawMessage            `json:"config"`
	Variants      []variant                  `json:"variants"`
	Headers       map[string]json.RawMessage `json:"headers"`
	Conversations []struct {
		Name    string                     `json:"name"`
		Config  json.RawMessage            `json:"config"`
		Headers map[string]json.RawMessage `json:"headers"`
		Offsets []int64                    `json:"offsets"`
		// Uncached names the row that makes a difference under a cookie cache.
		Uncached string `json:"uncached"`
		Steps    []Step `json:"steps"`
	} `json:"conversations"`
}

// Load reads every conversation of a folder's *.json files, in the order of
// their names.
func Load(folder string) ([]Conversation, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	var all []Conversation
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		topic := strings.TrimSuffix(filepath.Base(path), ".json")
		conversations, err := parseFile(topic, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, conversations...)
	}
	return all, nil
}

// variant is one of several configurations for the same conversations. Its name
// is put before theirs.
type variant struct {
	Name   string          `json:"name"`
	Config json.RawMessage `json:"config"`
}

func parseFile(topic string, text []byte) ([]Conversation, error) {
	var f file
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return nil, err
	}
	if f.Variants == nil {
		return f.conversations(topic, variant{})
	}
	var all []Conversation
	for _, v := range f.Variants {
		v.Name += ", "
		some, err := f.conversations(topic, v)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (f *file) conversations(topic string, v variant) ([]Conversation, error) {
	var all []Conversation
	for _, script := range f.Conversations {
		config, err := mergeConfig(f.Config, v.Config, script.Config)
		if err != nil {
			return nil, fmt.Errorf("config of %q: %w", script.Name, err)
		}
		c := Conversation{Topic: topic, Name: v.Name + script.Name, Config: config, Offsets: script.Offsets, Uncached: script.Uncached}
		headers := mergeHeaders(f.Headers, script.Headers)
		for _, step := range script.Steps {
			step.Headers = mergeHeaders(headers, step.Headers)
			expanded, err := step.expand()
			if err != nil {
				return nil, fmt.Errorf("%q, step %q: %w", script.Name, step.label(), err)
			}
			c.Steps = append(c.Steps, expanded...)
		}
		all = append(all, c)
	}
	return all, nil
}

func mergeConfig(parts ...json.RawMessage) (string, error) {
	config := node{object: true}
	for _, part := range parts {
		if len(part) == 0 {
			continue
		}
		n, err := parseOrdered(string(part))
		if err != nil {
			return "", err
		}
		config = config.patched(n)
	}
	return config.String(), nil
}

// mergeHeaders lays the second set over the first; names compare without case.
func mergeHeaders(base, over map[string]json.RawMessage) map[string]json.RawMessage {
	merged := map[string]json.RawMessage{}
	for _, set := range []map[string]json.RawMessage{base, over} {
		for name, value := range set {
			merged[strings.ToLower(name)] = value
		}
	}
	return merged
}

// CountsRequests tells whether the server limits requests, and so must not share
// a process with another that does.
func (c Conversation) CountsRequests() bool {
	enabled := c.settings().RateLimit.Enabled
	return enabled == nil || *enabled
}

// settings are the few options the player itself has to know.
type settings struct {
	RateLimit struct {
		Enabled *bool `json:"enabled"`
	} `json:"rateLimit"`
	Plugins struct {
		OAuthProxy struct {
			Secret string `json:"secret"`
		} `json:"oAuthProxy"`
	} `json:"plugins"`
	BaseURL  string `json:"baseURL"`
	BasePath string `json:"basePath"`
	Secret   string `json:"secret"`
	Secrets  []struct {
		Version int    `json:"version"`
		Value   string `json:"value"`
	} `json:"secrets"`
}

// secrets returns the secret that signs and all that may have encrypted,
// keyed by version; -1 is the one without a version.
func (c Conversation) secrets() (current string, versions map[int]string) {
	s := c.settings()
	versions = map[int]string{-1: s.Secret}
	if s.Secret == "" {
		versions[-1] = Secret
	}
	for _, v := range s.Secrets {
		versions[v.Version] = v.Value
	}
	if len(s.Secrets) > 0 {
		return s.Secrets[0].Value, versions
	}
	return versions[-1], versions
}

// EnvironmentSecret is the BETTER_AUTH_SECRET to start a server with: empty when
// the configuration names the secret itself, which the variable would override.
func (c Conversation) EnvironmentSecret() string {
	if c.settings().Secret != "" {
		return ""
	}
	return Secret
}

func (c Conversation) settings() settings {
	var s settings
	// Wrong types are a matter for the servers; what can be read is read.
	_ = json.Unmarshal([]byte(c.Config), &s)
	return s
}

// base returns the Host header and the path all endpoints stand under.
func (c Conversation) base() (host, path string) {
	s := c.settings()
	u, err := url.Parse(s.BaseURL)
	if err != nil || u.Host == "" {
		return "", "/api/auth"
	}
	if u.Path != "" && u.Path != "/" {
		return u.Host, strings.TrimSuffix(u.Path, "/")
	}
	if s.BasePath == "" {
		return u.Host, "/api/auth"
	}
	return u.Host, "/" + strings.Trim(s.BasePath, "/")
}

// span is a duration in a conversation file, written as Go writes durations.
type span time.Duration

func (s *span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	*s = span(d)
	return err
}
