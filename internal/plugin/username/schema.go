package username

import (
	"maps"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// The fields that the plugin adds to users.
const (
	nameField    = "username"
	displayField = "displayUsername"
)

// columns are what the plugin adds to users, the name to show last: it may be left
// out.
var columns = schema.Table{Model: "user", Fields: []schema.Field{
	{Name: nameField, Type: schema.String, Unique: true},
	{Name: displayField, Type: schema.String},
}}

// Tables gives the columns that the plugin adds to users, under the names that
// the configuration gives them.
func (c *Config) Tables() []schema.Table {
	added, names := columns, maps.Clone(c.Schema.User.Fields)
	if !c.displays() {
		added.Fields = added.Fields[:1]
		delete(names, displayField)
	}
	added.Fields = slices.Clone(added.Fields)
	return []schema.Table{added, schema.Renamed("user", "", names)}
}

// displays tells whether users have a name to show beside the one to sign in
// with.
func (c *Config) displays() bool { return c.DisplayUsername == nil || *c.DisplayUsername }
