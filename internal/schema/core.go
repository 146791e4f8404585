package schema

// Core is the tables every deployment has: user, session, account and
// verification, as Better Auth 1.7.25 defines them. It is not to be changed;
// NewSet copies what it needs.
var Core = []Table{
	{Model: "user", Fields: []Field{
		{Name: "name", Type: String, Required: true},
		{Name: "email", Type: String, Required: true, Unique: true},
		{Name: "emailVerified", Type: Boolean, Required: true, NoInput: true, Default: false},
		{Name: "image", Type: String},
		{Name: "createdAt", Type: Date, Required: true, DefaultNow: true},
		{Name: "updatedAt", Type: Date, Required: true, DefaultNow: true, UpdateNow: true},
	}},
	{Model: "session", Fields: []Field{
		{Name: "expiresAt", Type: Date, Required: true},
		{Name: "token", Type: String, Required: true, Unique: true},
		{Name: "createdAt", Type: Date, Required: true, DefaultNow: true},
		{Name: "updatedAt", Type: Date, Required: true, UpdateNow: true},
		{Name: "ipAddress", Type: String},
		{Name: "userAgent", Type: String},
		{Name: "userId", Type: String, Required: true, Index: true, References: owner},
	}},
	{Model: "account", Fields: []Field{
		{Name: "accountId", Type: String, Required: true},
		{Name: "providerId", Type: String, Required: true},
		{Name: "userId", Type: String, Required: true, Index: true, References: owner},
		{Name: "accessToken", Type: String, NotReturned: true},
		{Name: "refreshToken", Type: String, NotReturned: true},
		{Name: "idToken", Type: String, NotReturned: true},
		{Name: "accessTokenExpiresAt", Type: Date, NotReturned: true},
		{Name: "refreshTokenExpiresAt", Type: Date, NotReturned: true},
		{Name: "scope", Type: String},
		{Name: "password", Type: String, NotReturned: true},
		{Name: "createdAt", Type: Date, Required: true, DefaultNow: true},
		{Name: "updatedAt", Type: Date, Required: true, UpdateNow: true},
	}},
	{Model: "verification", Fields: []Field{
		{Name: "identifier", Type: String, Required: true, Index: true},
		{Name: "value", Type: String, Required: true},
		{Name: "expiresAt", Type: Date, Required: true},
		{Name: "createdAt", Type: Date, Required: true, DefaultNow: true},
		{Name: "updatedAt", Type: Date, Required: true, DefaultNow: true, UpdateNow: true},
	}},
}

// RateLimit is the table of request counters, which a deployment has that keeps
// them in the database. It is not to be changed.
var RateLimit = Table{Model: "rateLimit", Fields: []Field{
	{Name: "key", Type: String, Required: true, Unique: true},
	{Name: "count", Type: Number, Required: true},
	{Name: "lastRequest", Type: BigInt, Required: true, DefaultNow: true}, // milliseconds since 1970
}}

// owner is the reference of a row to the user it belongs to.
var owner = &Reference{Model: "user", Field: "id", OnDelete: "cascade"}

// Expiry names the field that says when a row of a model ends.
type Expiry struct {
	Model, Field string
	// Busy says that the field changes all the time, so that an index on it
	// costs more than it gives.
	Busy bool
}

// Expiring are the models whose rows end by themselves and are deleted some
// time later, in a configuration that has them.
var Expiring = []Expiry{
	{Model: "session", Field: "expiresAt"},
	{Model: "verification", Field: "expiresAt"},
	{Model: "rateLimit", Field: "lastRequest", Busy: true},
}

// IsCore tells whether a field of a model is one that every deployment has.
func IsCore(model, field string) bool {
	for i := range Core {
		if Core[i].Model == model {
			return field == "id" || Core[i].Field(field) != nil
		}
	}
	return false
}
