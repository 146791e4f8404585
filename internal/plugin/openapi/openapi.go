// Package openapi answers with the description of the API (OpenAPI 3.1), and
// with a page on which people read it.
//
// GET /open-api/generate-schema gives the document, which package
// internal/openapi makes from the server's own routes and field set, and GET
// /reference (or the path of the options) the page. The page is one file with
// everything in it: it asks for nothing, here or elsewhere, and works without
// scripts.
//
// Not here: sending requests from the page.
package openapi

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
)

// Config holds the options of the plugin.
type Config struct {
	Path                    string `yaml:"path" default:"/reference" doc:"Where the page is, below the base path."`
	DisableDefaultReference bool   `yaml:"disableDefaultReference" doc:"Whether there is no page."`
	Theme                   string `yaml:"theme" enum:"alternate,default,moon,purple,solarized,bluePlanet,saturn,kepler,mars,deepSpace,laserwave,none" default:"default" doc:"The colours of the page."`
	Nonce                   string `yaml:"nonce" doc:"A nonce for the script and the style of the page, where a proxy adds a content security policy that asks for one."`
}

// ID is the name of the plugin among those of a server.
const ID = "open-api"

var (
	errPath   = errors.New(`path must be a path such as /reference, without ".."`)
	errNoPage = api.NewError(http.StatusNotFound, "", "")
)

// OpenAPI is the plugin.
type OpenAPI struct {
	cfg    Config
	schema func() ([]byte, error)
	page   func() (page, error)
}

// New checks the options. The document is made when it is first asked for, and
// kept.
func New(cfg Config, document func() api.Object) (*OpenAPI, error) {
	config.SetDefaults(&cfg)
	if !api.IsPlainPath(cfg.Path) {
		return nil, errPath
	}
	return &OpenAPI{
		cfg:    cfg,
		schema: sync.OnceValues(func() ([]byte, error) { return api.JSON(document()) }),
		page:   sync.OnceValues(func() (page, error) { return render(document(), cfg) }),
	}, nil
}

// Plugin lists what the plugin adds.
func (o *OpenAPI) Plugin() auth.Plugin {
	return auth.Plugin{
		ID: ID,
		Routes: []api.Route{
			api.GET("/open-api/generate-schema", api.Public, o.giveSchema, api.Doc("Gives this document.")),
			api.GET(o.cfg.Path, api.Public, o.givePage, api.Doc("Gives a page on which people read this document.")),
		},
	}
}

func (o *OpenAPI) giveSchema(context.Context, *api.Call, api.None) (api.File, error) {
	text, err := o.schema()
	return api.File{MediaType: "application/json", Body: text}, err
}

func (o *OpenAPI) givePage(_ context.Context, c *api.Call, _ api.None) (api.File, error) {
	if o.cfg.DisableDefaultReference {
		return api.File{}, errNoPage
	}
	p, err := o.page()
	if err != nil {
		return api.File{}, err
	}
	c.SetHeader("Content-Security-Policy", p.policy)
	return api.File{MediaType: "text/html; charset=utf-8", Body: p.body}, nil
}
