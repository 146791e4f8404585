package server

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// traces are what a server shows of its plugins, each in a line of its own.
type traces map[string]bool

// of lists what a server with these plugins shows. It needs no database.
func of(t *testing.T, names ...string) (traces, *parts) {
	t.Helper()
	cfg := with(t, names...)
	set, err := Schema(cfg)
	if err != nil {
		t.Fatal(err)
	}
	secrets, err := secure.NewSecrets(strings.Repeat("s", 32), nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := auth.New(cfg.Config, auth.Deps{Secrets: secrets, Schema: set, Now: now, Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plugins(a, cfg, slog.New(slog.DiscardHandler), newOutbound(cfg, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	a.Attach(p.made)
	found := traces{}
	found.tables(set)
	found.answers(a)
	found.plugins(p.made)
	found.document(t, p)
	return found, p
}

// with is a configuration with these plugins, in their default form.
func with(t *testing.T, names ...string) *Config {
	t.Helper()
	cfg := &Config{}
	cfg.BaseURL = "http://auth.test"
	plugins := reflect.ValueOf(&cfg.Plugins).Elem()
	for i := range plugins.NumField() {
		if f := plugins.Field(i); slices.Contains(names, plugins.Type().Field(i).Tag.Get("yaml")) {
			f.Set(reflect.New(f.Type().Elem()))
		}
	}
	config.SetDefaults(cfg)
	return cfg
}

func (r traces) add(parts ...string) { r[strings.Join(parts, " ")] = true }

func (r traces) tables(set *schema.Set) {
	for _, table := range set.Tables() {
		r.add("table", table.Model)
		for i := range table.Fields {
			r.add("column", table.Model, table.Fields[i].Name)
		}
	}
}

// answers are the members of users and sessions.
func (r traces) answers(a *auth.Auth) {
	for _, m := range a.UserOutput(&store.User{}) {
		r.add("member of users", m.Key)
	}
	for _, m := range a.SessionOutput(&store.Session{}) {
		r.add("member of sessions", m.Key)
	}
}

func (r traces) plugins(made []auth.Plugin) {
	for _, p := range made {
		r.add("plugin", p.ID)
		for _, route := range p.Routes {
			r.add("route", route.Method, route.Path)
		}
		for _, rule := range p.RateLimits {
			r.add("limit", p.ID, fmt.Sprint(rule.Window, rule.Max))
		}
		for _, e := range p.Events {
			r.add("event", string(e.Name))
		}
		for _, table := range p.Expiring {
			r.add("swept", table.Name)
		}
	}
}

// document are the paths, models and properties of the API's description.
func (r traces) document(t *testing.T, p *parts) {
	t.Helper()
	var document struct {
		Paths      map[string]any
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	text, err := api.JSON(p.document())
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	for path := range document.Paths {
		r.add("documented", path)
	}
	for name, model := range document.Components.Schemas {
		r.add("model", name)
		for property := range model.Properties {
			r.add("property", name, property)
		}
	}
}

// less gives what is in r and not in other.
func (r traces) less(other traces) (rest []string) {
	for trace := range r {
		if !other[trace] {
			rest = append(rest, trace)
		}
	}
	slices.Sort(rest)
	return rest
}

// A plugin shows itself where it is on, with others or alone, and nowhere else.
func TestEveryPluginComesAndGoesAsAWhole(t *testing.T) {
	t.Parallel()
	names := pluginNames()
	none, _ := of(t)
	all, _ := of(t, names...)
	for _, name := range names {
		others := slices.DeleteFunc(slices.Clone(names), func(other string) bool { return other == name })
		alone, made := of(t, name)
		without, _ := of(t, others...)
		own := alone.less(none)
		if len(own) == 0 {
			t.Errorf("%s: nothing of it is there", name)
		}
		for _, trace := range own {
			if without[trace] {
				t.Errorf("%s is off, and there is %s", name, trace)
			}
		}
		if together := all.less(without); !slices.Equal(own, together) {
			t.Errorf("%s alone shows\n%s\nand among others\n%s", name, strings.Join(own, ", "), strings.Join(together, ", "))
		}
		plugin := made.made[len(made.made)-1]
		if !slices.Equal(plugin.Events, features[name].events) {
			t.Errorf("%s writes the events %v, and the guide lists %v", name, plugin.Events, features[name].events)
		}
	}
}
