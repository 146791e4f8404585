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

// document is the OpenAPI document of what the plugins answer.
func (p *parts) document() api.Object {
	return openapi.Document(openapi.Options{
		BaseURL: p.auth.BaseURL, APIVersion: version.Contract, Cookie: p.auth.SessionCookieName(), Bearer: p.cfg.Plugins.Bearer != nil,
		Set: p.set, Groups: routeGroups(p.made), Disabled: p.cfg.DisabledPaths,
	})
}

// routeGroups are the routes of the plugins under the tags that the original gives them.
func routeGroups(made []auth.Plugin) []openapi.Group {
	var groups []openapi.Group
	for _, p := range made {
		switch {
		case p.ID == reference.ID: // it does not describe itself
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
