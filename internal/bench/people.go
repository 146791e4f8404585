package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// person is somebody who is signed in. email and cookie are all that a client has.
type person struct{ email, cookie string }

// password is everybody's.
const password = "correct horse battery staple"

// crowd is how many people take turns, so that a session that was just read is
// not the next one's.
const crowd = 1000

// selectPeople takes sessions that lie all over the table and its indexes. Theirs
// are so young that none is due for its daily renewal before the measuring ends.
const selectPeople = `select u."email", s."token" from "session" s join "user" u on u."id" = s."userId"
	where s."createdAt" > now() - interval '16 hours' order by s."token" limit $1`

// findPeople gives up to n people of a loaded database.
func findPeople(ctx context.Context, url string, n int) ([]person, error) {
	secrets, err := secure.NewSecrets(secret, nil)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, selectPeople, n)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p person, err error) {
		var token string
		err = row.Scan(&p.email, &token)
		p.cookie = sessionCookie(secrets, token)
		return p, err
	})
	if err == nil && len(all) == 0 {
		err = errors.New("nobody is signed in: -sessions is too small")
	}
	return all, err
}

// sessionCookie is the Cookie header of a browser that was given the token.
func sessionCookie(s *secure.Secrets, token string) string {
	return "better-auth.session_token=" + api.EncodeURIComponent(s.Sign(token))
}

// meet finds the people of the server's database.
func (c *contestant) meet(ctx context.Context) (err error) {
	if c.people, err = findPeople(ctx, c.database, crowd); err == nil && c.setup == cached {
		// No database is asked for these, so fewer will do.
		c.people = c.people[:min(len(c.people), crowd/5)]
		err = visit(ctx, c.address, c.people)
	}
	if err != nil {
		return namedError(c.name, err)
	}
	return nil
}

// visit has everybody ask for their session once and keep the cookies of the
// answer, such as the cookie cache.
func visit(ctx context.Context, address string, people []person) error {
	for i := range people {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+basePath+"/get-session", nil)
		if err != nil {
			return err
		}
		r.Header.Set("Cookie", people[i].cookie)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			return fmt.Errorf("the first get-session: status %d, %w", answer.StatusCode, err)
		}
		for _, c := range answer.Cookies() {
			if c.MaxAge >= 0 { // below it is an order to forget one
				people[i].cookie += "; " + c.Name + "=" + c.Value
			}
		}
	}
	return nil
}
