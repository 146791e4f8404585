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
		{Fields: []string{"createdAt", "id"}, For: "pages of /admin/list-users and its total"},
		{Fields: []string{"role"}, For: "/admin/list-users by role"},
		{Fields: []string{"email"}, Parts: true, For: "/admin/list-users by a part of the address"},
		{Fields: []string{"name"}, Parts: true, For: "/admin/list-users by a part of the name"},
	}},
	{Model: "session", Fields: []schema.Field{
		{Name: "impersonatedBy", Type: schema.String, NoInput: true},
	}},
}
