package server

import (
	"context"
	"slices"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/plugin/bearer"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
)

// TestEveryPluginWithOptionsCanBeMade keeps the list of plugins and the list of
// their options the same.
func TestEveryPluginWithOptionsCanBeMade(t *testing.T) {
	names := pluginNames()
	for _, name := range names {
		if features[name].build == nil {
			t.Errorf("plugin %s has options and cannot be made", name)
		}
	}
	if len(names) != len(features) {
		t.Errorf("%d plugins have options, %d can be made", len(names), len(features))
	}
}

func TestPluginOrderIsThatOfTheFile(t *testing.T) {
	for text, want := range map[string][]string{
		"plugins: {bearer: {}, jwt: {}}": {"bearer", "jwt"},
		"plugins: {jwt: {}, bearer: {}}": {"jwt", "bearer"},
		"plugins: {bearer: {}}":          {"bearer"},
		"{}":                             nil,
	} {
		cfg, err := ParseConfig(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.Plugins.Order(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	made := Plugins{Bearer: &bearer.Config{}, JWT: &jwt.Config{}}
	if got := made.Order(); !slices.Equal(got, []string{"jwt", "bearer"}) {
		t.Errorf("made in Go: %v", got)
	}
}

func TestTwoRoutesOnOnePathAreRefused(t *testing.T) {
	a := auth.Plugin{ID: "a", Routes: []api.Route{api.GET("/ok", api.Public, nothing), api.POST("/x", api.Public, nothing)}}
	b := auth.Plugin{ID: "b", Routes: []api.Route{api.GET("/x", api.Public, nothing)}}
	if err := uniqueRoutes([]auth.Plugin{a, b}); err != nil {
		t.Error(err)
	}
	b.Routes = append(b.Routes, api.GET("/ok", api.Public, nothing))
	err := uniqueRoutes([]auth.Plugin{a, b})
	if want := "plugins.b: GET /ok is already answered by a: choose another path"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func nothing(context.Context, *api.Call, api.None) (api.Empty, error) { return api.Empty{}, nil }
