package twofactor

import "github.com/sallyport-auth/sallyport/internal/schema"

// Tables is what the plugin stores in Better Auth's schema: whether a user has a
// second factor, and one row for each who has begun to set one up. Its secret and
// backup codes are encrypted; verified is false until a first right code, and NULL
// in rows from before the column existed, which count as verified.
var Tables = []schema.Table{
	{Model: "user", Fields: []schema.Field{
		{Name: "twoFactorEnabled", Type: schema.Boolean, NoInput: true, Default: false},
	}},
	{Model: "twoFactor", Fields: []schema.Field{
		{Name: "secret", Type: schema.String, Required: true, NotReturned: true, Index: true},
		{Name: "backupCodes", Type: schema.String, Required: true, NotReturned: true},
		{
			Name: "userId", Type: schema.String, Required: true, NotReturned: true, Index: true,
			References: &schema.Reference{Model: "user", Field: "id", OnDelete: "cascade"},
		},
		{Name: "verified", Type: schema.Boolean, NoInput: true, Default: true},
		{Name: "failedVerificationCount", Type: schema.Number, NoInput: true, NotReturned: true, Default: 0},
		{Name: "lockedUntil", Type: schema.Date, NoInput: true, NotReturned: true},
	}},
}
