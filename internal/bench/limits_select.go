package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bareSelect is the least that a session costs the database.
const bareSelect = `select s."id", s."expiresAt", s."createdAt", s."updatedAt", s."ipAddress", s."userAgent",
	u."id", u."name", u."email", u."emailVerified", u."image", u."createdAt", u."updatedAt"
	from "session" s join "user" u on u."id" = s."userId" where s."token" = $1`

// selectLimits asks for sessions through a pool of as many connections as there are askers, with nothing around it.
func selectLimits(ctx context.Context, b *bench) (all []limit, err error) {
	for _, n := range []int{1, usual, 64} {
		var rates []float64
		for range b.rounds {
			rate, err := selectRate(ctx, b.subjects[0].database, n, b.duration)
			if err != nil {
				return nil, err
			}
			rates = append(rates, rate)
		}
		all = append(all, newLimit(fmt.Sprintf("prepared select of session and user, %d at once", n), "per second", rates))
	}
	return all, nil
}

func selectRate(ctx context.Context, url string, connections int, lasting time.Duration) (float64, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return 0, err
	}
	config.MaxConns, config.MinConns = int32(connections), int32(connections)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	rows, err := pool.Query(ctx, `select "token" from "session" order by "token" limit $1`, crowd)
	if err != nil {
		return 0, err
	}
	tokens, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	var asked atomic.Int64
	var group sync.WaitGroup
	failed := make([]error, connections)
	begin := time.Now()
	for i := range connections {
		group.Go(func() {
			for time.Since(begin) < lasting && failed[i] == nil {
				failed[i] = askOnce(ctx, pool, tokens[int(asked.Add(1))%len(tokens)])
			}
		})
	}
	group.Wait()
	for _, err := range failed {
		if err != nil {
			return 0, err
		}
	}
	return float64(asked.Load()) / time.Since(begin).Seconds(), nil
}

// askOnce reads the row and takes it apart as a server must.
func askOnce(ctx context.Context, pool *pgxpool.Pool, token string) error {
	var id, userID, name, email string
	var expires, created, updated, userCreated, userUpdated time.Time
	var address, agent, image *string
	var verified bool
	return pool.QueryRow(ctx, bareSelect, token).Scan(&id, &expires, &created, &updated, &address, &agent,
		&userID, &name, &email, &verified, &image, &userCreated, &userUpdated)
}
