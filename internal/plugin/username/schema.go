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

// Tables gives the columns that the plugin adds to users, under the names that
// the configuration gives them.
func (c *Config) Tables() []schema.Table {
	t := schema.Table{Model: "user", Fields: []schema.Field{{Name: nameField, Type: schema.String, Unique: true}}}
	if c.displays() {
		t.Fields = append(t.Fields, schema.Field{Name: displayField, Type: schema.String})
	}
	renames := schema.Table{Model: "user"}
	for _, name := range slices.Sorted(maps.Keys(c.Schema.User.Fields)) {
		if t.Field(name) != nil {
			renames.Fields = append(renames.Fields, schema.Field{Name: name, Column: c.Schema.User.Fields[name]})
		}
	}
	return []schema.Table{t, renames}
}

// displays tells whether users have a name to show beside the one to sign in
// with.
func (c *Config) displays() bool { return c.DisplayUsername == nil || *c.DisplayUsername }
