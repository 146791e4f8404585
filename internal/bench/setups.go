package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"

	"github.com/sallyport-auth/sallyport/internal/server"
)

// setup is a configuration that both servers are started with, in the words that they share.
type setup string

// What differs between the setups. The throttle of guesses, the audit log and the metrics of sallyport are
// at their defaults in all of them. The throttle counts per account, so that no load of right passwords meets it;
// wrong ones go round over all the people.
const (
	plain      setup = "plain"      // the header that repeats the token on every get-session is off, since /token is measured by itself
	cached     setup = "cached"     // with a session cookie cache
	repeated   setup = "repeated"   // with that header, the default of the plugin
	limited    setup = "limited"    // counts requests in memory; nobody reaches the limit
	crowded    setup = "crowded"    // behind a proxy that names the clients, as each has an address of its own
	everything setup = "everything" // every plugin that there is, with its defaults
)

// settings is part of a configuration file.
type settings map[string]any

// addresses has both believe loopback, where the load comes from, what address a client has.
var addresses = settings{"ipAddress": settings{"trustedProxies": []string{"127.0.0.1"}}}

// setups are what each adds to what all have. Rate limits are off, since all load comes from one address.
var setups = map[setup]settings{
	plain:      {},
	cached:     {"session": settings{"cookieCache": settings{"enabled": true}}},
	repeated:   {"plugins": settings{"jwt": settings{}}},
	limited:    {"rateLimit": settings{"enabled": true, "window": 60, "max": 1_000_000_000}, "advanced": addresses},
	crowded:    {"advanced": addresses},
	everything: {"plugins": everyPlugin(), "advanced": addresses},
}

// config is the whole configuration.
func (s setup) config() settings {
	all := settings{
		"baseURL":          origin,
		"emailAndPassword": settings{"enabled": true},
		"rateLimit":        settings{"enabled": false},
		"plugins":          settings{"jwt": settings{"disableSettingJwtHeader": true}},
	}
	for name, value := range setups[s] {
		all[name] = value
	}
	return all
}

// file is where a setup's configuration lies.
func (s setup) file(folder string) string { return filepath.Join(folder, string(s)+".json") }

// writeSetups writes all configurations into a folder.
func writeSetups(folder string) error {
	for s := range setups {
		text, err := json.Marshal(s.config())
		if err == nil {
			err = os.WriteFile(s.file(folder), text, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// everyPlugin names all that sallyport has, which the original has too. Without options none of them asks
// another server for anything.
func everyPlugin() settings {
	all := settings{}
	for field := range reflect.TypeFor[server.Plugins]().Fields() {
		if field.Type.Kind() == reflect.Pointer {
			all[field.Tag.Get("yaml")] = settings{}
		}
	}
	return all
}
