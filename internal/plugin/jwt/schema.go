package jwt

import "github.com/sallyport-auth/sallyport/internal/schema"

// Tables is what the plugin stores in Better Auth's schema: the signing keys.
// A key's id is the kid of the tokens it signs. Rows from before the alg column
// existed hold NULL there and are of the configured algorithm.
var Tables = []schema.Table{
	{Model: "jwks", Fields: []schema.Field{
		{Name: "publicKey", Type: schema.String, Required: true},
		{Name: "privateKey", Type: schema.String, Required: true},
		{Name: "createdAt", Type: schema.Date, Required: true},
		{Name: "expiresAt", Type: schema.Date},
		{Name: "alg", Type: schema.String},
		{Name: "crv", Type: schema.String},
	}},
}
