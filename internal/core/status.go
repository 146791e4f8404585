package core

import (
	"context"
	"fmt"
	"regexp"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/origin"
)

type okOutput struct {
	OK bool `json:"ok"`
}

func (c *Core) ok(context.Context, *api.Call, api.None) (okOutput, error) {
	return okOutput{OK: true}, nil
}

// safeErrorCode keeps anything out of the page that is not a code.
var safeErrorCode = regexp.MustCompile(`^['A-Za-z0-9_-]+$`)

// errorPage is the page that shows errors: onAPIError.errorURL, else the root
// of the site, as the original has it in production.
func errorPage(url string) (string, error) {
	if url == "" {
		return "/", nil
	}
	if _, err := origin.AppendQuery(url); err != nil {
		return "", fmt.Errorf("onAPIError.errorURL %q must be absolute or begin with one slash", url)
	}
	return url, nil
}

// showError passes the code, if it is one, and the description on to the error
// page.
func (c *Core) showError(_ context.Context, call *api.Call, _ api.None) (api.Page, error) {
	code := call.QueryText("error")
	if !safeErrorCode.MatchString(code) {
		code = "UNKNOWN"
	}
	pairs := []origin.Pair{{Name: "error", Value: code}}
	if text := call.QueryText("error_description"); text != "" {
		pairs = append(pairs, origin.Pair{Name: "error_description", Value: text})
	}
	to, err := origin.AppendQuery(c.errorPage, pairs...)
	return api.Page(to), err
}
