package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/secure"
)

// maker makes the drafts of a round, n of them where each is sent once.
type maker = func(ctx context.Context, c contestant, n int) ([]draft, error)

func always(d draft) maker {
	return func(context.Context, contestant, int) ([]draft, error) { return []draft{d}, nil }
}

// everybody makes one for each person.
func everybody(of func(person) draft) maker {
	return func(_ context.Context, c contestant, _ int) ([]draft, error) { return each(c.people, of), nil }
}

func getSession(p person) draft {
	return draft{method: "GET", path: "/get-session", cookie: p.cookie, marker: `"session":`}
}

func getToken(p person) draft {
	return draft{method: "GET", path: "/token", cookie: p.cookie, marker: `"token":`}
}

func signIn(p person) draft {
	return draft{method: "POST", path: "/sign-in/email", body: fmt.Sprintf(`{"email":%q,"password":%q}`, p.email, password), marker: `"user":`}
}

// guess is a sign-in that must fail.
func guess(p person) draft {
	return draft{
		method: "POST", path: "/sign-in/email", body: fmt.Sprintf(`{"email":%q,"password":"another one"}`, p.email),
		status: http.StatusUnauthorized, marker: "INVALID_EMAIL_OR_PASSWORD",
	}
}

// addressed gives every draft an address of its own.
func addressed(of func(person) draft) func(person) draft {
	return func(p person) draft {
		d := of(p)
		n := rand.Uint32()
		d.from = fmt.Sprintf("10.%d.%d.%d", n>>16&0xff, n>>8&0xff, n&0xff)
		return d
	}
}

// newcomers counts the accounts that were signed up, so that no address comes twice.
var newcomer atomic.Int64

// newcomers sign up, each with an address of mail that nobody has.
func newcomers(_ context.Context, _ contestant, n int) ([]draft, error) {
	all := make([]draft, n)
	for i := range all {
		body := fmt.Sprintf(`{"name":"Newcomer","email":"newcomer%d@example.com","password":%q}`, newcomer.Add(1), password)
		all[i] = draft{method: "POST", path: "/sign-up/email", body: body, marker: `"user":`}
	}
	return all, nil
}

// leavers sign out, each from a session that was just made for that.
func leavers(ctx context.Context, c contestant, n int) ([]draft, error) {
	tokens, err := moreSessions(ctx, c.database, n)
	if err != nil {
		return nil, err
	}
	secrets, err := secure.NewSecrets(secret, nil)
	if err != nil {
		return nil, err
	}
	return each(tokens, func(token string) draft {
		return draft{method: "POST", path: "/sign-out", cookie: sessionCookie(secrets, token), body: "{}", marker: `"success":true`}
	}), nil
}

// moreSessions inserts n sessions of users from all over the table and gives their tokens.
func moreSessions(ctx context.Context, url string, n int) ([]string, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `
		with picked as (select array_agg("id") as ids from (select "id" from "user" order by "id" limit $1) as u)
		insert into "session" ("id", "token", "userId", "expiresAt", "createdAt", "updatedAt", "ipAddress", "userAgent")
		select `+letters(`random()::text || i`)+`, `+letters(`i || random()::text`)+`, ids[1 + i % array_length(ids, 1)],
			now() + interval '7 days', now(), now(), '192.0.2.1', $2::text
		from picked, generate_series(1, $1::int) as i returning "token"`, n, userAgent)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// mixture is what a site gets to see, in an order that is the same for everybody.
func mixture(ctx context.Context, c contestant, n int) ([]draft, error) {
	all, err := newcomers(ctx, c, n)
	if err != nil {
		return nil, err
	}
	order := rand.New(rand.NewPCG(1, 2))
	for i := range all {
		p := c.people[i%len(c.people)]
		switch dice := order.IntN(100); {
		case dice < 90:
			all[i] = getSession(p)
		case dice < 95:
			all[i] = getToken(p)
		case dice < 98:
			all[i] = signIn(p)
		}
	}
	return all, nil
}
