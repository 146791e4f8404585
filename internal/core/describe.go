package core

import (
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// What follows describes answers that the configuration shapes, for the
// documentation of the endpoints.

// sessionRow is a session as clients see it.
type sessionRow struct {
	_ struct{} `model:"session"`
}

// accountRow is an account in the list of a user's.
type accountRow struct {
	ID         string    `json:"id"`
	ProviderID string    `json:"providerId" doc:"The provider, or credential for a password."`
	AccountID  string    `json:"accountId" doc:"The user's id at the provider."`
	UserID     string    `json:"userId"`
	CreatedAt  time.Time `json:"createdAt"`
	UpdatedAt  time.Time `json:"updatedAt"`
	Scopes     []string  `json:"scopes" doc:"What the provider has granted."`
}

// verifyEmailOutput is the answer of a link without a callback.
type verifyEmailOutput struct {
	Status bool       `json:"status"`
	User   api.Object `json:"user" model:"user" null:"true" doc:"The user, where the link has changed the address."`
}

// resetQuery is where the token may be instead of in the body.
type resetQuery struct {
	Token *string `json:"token" doc:"The token of the link, where the body has none."`
}

// providerUser is what a provider tells of a user.
type providerUser struct {
	User struct {
		Name          *string `json:"name,omitempty"`
		Email         *string `json:"email,omitempty"`
		Image         *string `json:"image,omitempty"`
		EmailVerified bool    `json:"emailVerified"`
	} `json:"user" doc:"The user in this server's terms, with what mapProfileToUser adds."`
	Data    map[string]any `json:"data" doc:"The profile as the provider gave it."`
	Account struct {
		ID         string `json:"id"`
		ProviderID string `json:"providerId"`
		AccountID  string `json:"accountId" doc:"The user's id at the provider."`
	} `json:"account"`
}
