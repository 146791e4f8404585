package admin

import "github.com/sallyport-auth/sallyport/internal/schema"

// Tables is what the plugin adds to Better Auth's tables: columns, which no
// client may set by itself.
var Tables = []schema.Table{
	{Model: "user", Fields: []schema.Field{
		{Name: "role", Type: schema.String, NoInput: true},
		{Name: "banned", Type: schema.Boolean, NoInput: true, Default: false},
		{Name: "banReason", Type: schema.String, NoInput: true},
		{Name: "banExpires", Type: schema.Date, NoInput: true},
	}},
	{Model: "session", Fields: []schema.Field{
		{Name: "impersonatedBy", Type: schema.String, NoInput: true},
	}},
}
