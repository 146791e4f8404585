package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// lookups asks for many sessions at once when many requests want one. A few lookups run at a time; whoever
// comes while they do waits for one of them to end, and is then asked for together with all others who wait,
// in a statement that begins after they have come. So nothing is remembered, and whoever comes alone waits
// for nobody.
type lookups struct {
	// together finds the sessions of several tokens; a token that has none is left out.
	together func(ctx context.Context, tokens []string) (map[string]found, error)

	mu      sync.Mutex
	running int
	moved   time.Time // when one has begun or ended last
	waiting []*lookup
}

const (
	// lines is how many lookups run at once: with more, fewer share a statement.
	lines = 2
	// share is the most tokens in one statement.
	share = 64
	// patience is how long a statement for many may take before each of them asks alone, under its own
	// request's deadline.
	patience = time.Second
	// stalled is for how long nothing may move before newcomers stop waiting for it.
	stalled = 100 * time.Millisecond
)

// found is a session and its user.
type found struct {
	session *Session
	user    *User
}

// lookup is somebody who waits. What is found is there when done is closed.
type lookup struct {
	token string
	done  chan struct{}
	found found
	err   error
}

// errAlone sends whoever gets it to ask alone.
var errAlone = errors.New("the sessions could not be asked for together")

// find gives the session of a token. alone asks for it in a statement of its own.
func (l *lookups) find(ctx context.Context, token string, alone func() (found, error)) (found, error) {
	if !shareable(token) {
		return alone()
	}
	w, counted := l.come(token)
	if w == nil {
		if counted {
			defer l.end()
		}
		return alone()
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		return found{}, mapped(ctx, ctx.Err())
	}
	if errors.Is(w.err, errAlone) {
		return alone()
	}
	return w.found, w.err
}

// shareable tells whether Postgres takes a token for a text: one that it refuses would spoil the statement
// for the others.
func shareable(token string) bool { return utf8.ValidString(token) && strings.IndexByte(token, 0) < 0 }

// come takes a free line, when it returns nobody and true, or waits. Where nothing moves it does neither.
func (l *lookups) come(token string) (w *lookup, counted bool) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.running < lines:
		l.running++
		l.moved = now
		return nil, true
	case now.Sub(l.moved) > stalled:
		return nil, false
	}
	w = &lookup{token: token, done: make(chan struct{})}
	l.waiting = append(l.waiting, w)
	return w, false
}

// end gives the line up, or to those who wait.
func (l *lookups) end() {
	if batch := l.next(); batch != nil {
		go l.serve(batch)
	}
}

// next takes those who wait, as many as share a statement; without any the line is free.
func (l *lookups) next() []*lookup {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moved = time.Now()
	if len(l.waiting) == 0 {
		l.running--
		return nil
	}
	batch := l.waiting[:min(share, len(l.waiting))]
	l.waiting = slices.Clone(l.waiting[len(batch):])
	return batch
}

// serve is a line as long as somebody waits. No request's end ends what it asks for others.
func (l *lookups) serve(batch []*lookup) {
	for ; batch != nil; batch = l.next() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		l.ask(ctx, batch)
		cancel()
	}
}

// ask answers those who wait. Each gets a copy of its own, since two may have the same token.
func (l *lookups) ask(ctx context.Context, batch []*lookup) {
	tokens := make([]string, len(batch))
	for i, w := range batch {
		tokens[i] = w.token
	}
	all, err := l.together(ctx, tokens)
	for _, w := range batch {
		f, there := all[w.token]
		switch {
		case err != nil:
			w.err = errAlone
		case !there:
			w.err = ErrNotFound
		default:
			w.found = f.clone()
		}
		close(w.done)
	}
}

func (f found) clone() found {
	session, user := *f.session, *f.user
	session.Extra, user.Extra = slices.Clone(session.Extra), slices.Clone(user.Extra)
	return found{&session, &user}
}
