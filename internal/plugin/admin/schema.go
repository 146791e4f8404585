package admin

import "github.com/sallyport-auth/sallyport/internal/schema"

// Tables is what the plugin adds to Better Auth's tables: columns, which no
// client may set by itself, and what makes lists of many users quick.
var Tables = []schema.Table{
	{Model: "user", Fields: []schema.Field{
		{Name: "role", Type: schema.String, NoInput: true},
		{Name: "banned", Type: schema.Boolean, NoInput: true, Default: false, BarsUntil: "banExpires"},
		{Name: "banReason", Type: schema.String, NoInput: true},
		{Name: "banExpires", Type: schema.Date, NoInput: true},
	}, Lookups: []schema.Lookup{
		{Fields: []string{"createdAt", "id"}},
		{Fields: []string{"role"}},
		{Fields: []string{"email"}, Parts: true},
		{Fields: []string{"name"}, Parts: true},
	}},
	{Model: "session", Fields: []schema.Field{
		{Name: "impersonatedBy", Type: schema.String, NoInput: true},
	}},
}
