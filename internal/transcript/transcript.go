// Package transcript plays scripted conversations to an identity server and
// compares what two servers answered.
//
// A [Conversation] is a configuration and a list of requests, statements and
// table snapshots. [Play] runs it against a [Target] and returns a [Recording]
// in which everything that chance or the clock decided (ids, tokens, times,
// signatures, hashes, keys) stands as a placeholder numbered by first sight,
// after its form and its cryptography have been checked. So the recordings of
// two servers that behave alike are equal, and [Compare] lists every place
// where they are not.
//
// The judge shares no code with the judged: signatures, hashes and ciphertexts
// are checked here with the standard library and golang.org/x/crypto alone.
package transcript

import (
	"context"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// Secret is the BETTER_AUTH_SECRET every target is started with, unless its
// conversation's configuration names secrets of its own.
const Secret = "transcript-only-secret-0123456789-abcdefghijklmn"

// Target is a running server with a conversation's configuration and an empty,
// migrated database of its own.
type Target struct {
	// BaseURL is where it listens: scheme, host and port without a path. The
	// Host header of a request is the configuration's, not this one's.
	BaseURL string
	// DatabaseURL is the Postgres URL of its database, for statements and
	// snapshots.
	DatabaseURL string
	// Settle is how long the server may take to notice rows that a statement
	// changed behind its back, for steps that say "settle". Zero: none.
	Settle time.Duration
	// Messages gives what the target has been made to send since it was asked
	// last, as its webhook gets it; nil where it sends nothing.
	Messages func(context.Context) ([]string, error)
	// Provider is whom the target asks in the place of every identity provider; nil
	// where it asks none.
	Provider *idptest.Server
	// HashCost is what its hashes of passwords cost; zero is Better Auth's.
	HashCost scrypt.Cost
}

// Recording is what one server did in one conversation, step by step, with
// placeholders for everything that differs from run to run.
type Recording struct {
	Conversation string   `json:"conversation"`
	Answers      []Answer `json:"answers"`
}

// Answer is what one step gave: an HTTP answer or, for a snapshot, rows.
type Answer struct {
	// Step is the step's name; with the order it identifies the step.
	Step string `json:"step"`
	// Origin is the request's Origin header, on which CORS headers depend.
	Origin string `json:"origin,omitempty"`
	Status int    `json:"status,omitempty"`
	// Headers are "name: value" lines with lower-case names, sorted by name,
	// without those of the connection and without set-cookie.
	Headers []string `json:"headers,omitempty"`
	// Cookies are the values of the set-cookie headers in the order sent.
	Cookies []string `json:"cookies,omitempty"`
	Body    string   `json:"body,omitempty"`
	// Messages are what the request made the server send, as JSON objects.
	Messages []string `json:"messages,omitempty"`
	// Asked are the requests to identity providers that the step caused.
	Asked []string `json:"asked,omitempty"`
	// Rows are the rows of a snapshot as JSON objects in column order.
	Rows []string `json:"rows,omitempty"`
}
