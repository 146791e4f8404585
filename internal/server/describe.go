package server

import (
	"reflect"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/openapi"
	reference "github.com/sallyport-auth/sallyport/internal/plugin/openapi"
	"github.com/sallyport-auth/sallyport/internal/version"
)

// describe makes the plugin that describes the others.
func describe(a *auth.Auth, cfg *Config, made []auth.Plugin) (auth.Plugin, error) {
	p, err := reference.New(*cfg.Plugins.OpenAPI, func() api.Object { return document(a, cfg, made) })
	if err != nil {
		return auth.Plugin{}, err
	}
	return p.Plugin(), nil
}

// document is the OpenAPI document of what the plugins answer.
func document(a *auth.Auth, cfg *Config, made []auth.Plugin) api.Object {
	set, err := Schema(cfg)
	if err != nil {
		panic(err) // the server was made with it
	}
	return openapi.Document(openapi.Options{
		BaseURL: a.BaseURL, APIVersion: version.Contract, Cookie: a.SessionCookieName(), Bearer: cfg.Plugins.Bearer != nil,
		Set: set, Groups: routeGroups(made), Disabled: cfg.DisabledPaths,
	})
}

// routeGroups are the routes under the tags that the original gives them.
func routeGroups(made []auth.Plugin) []openapi.Group {
	var groups []openapi.Group
	for _, p := range made {
		switch {
		case p.ID == "core":
			groups = append(groups, openapi.Group{Tag: "Default", Doc: "The endpoints that every deployment has.", Routes: p.Routes})
		case len(p.Routes) > 0:
			groups = append(groups, openapi.Group{Tag: strings.ToUpper(p.ID[:1]) + p.ID[1:], Doc: pluginDoc(p.ID), Routes: p.Routes})
		}
	}
	return groups
}

// pluginDoc is what the options say of a plugin.
func pluginDoc(id string) string {
	name := strings.ReplaceAll(id, "-", "")
	t := reflect.TypeFor[Plugins]()
	for i := range t.NumField() {
		if f := t.Field(i); strings.EqualFold(f.Tag.Get("yaml"), name) {
			return f.Tag.Get("doc")
		}
	}
	return ""
}
