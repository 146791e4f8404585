package server

import (
	"io"
	"net/http"
)

// turn is the part of a request in which a handler works for its connection: from
// the end of the body to the beginning of the answer. Before and after, the
// server waits for the client. A nil turn is that of a connection that does not
// count.
type turn struct {
	connection *connection
	state      turnState
}

type turnState int

const (
	turnToCome turnState = iota
	turnUnderWay
	turnOver
)

// newTurn gives the turn of a request, and the request whose body begins it.
func newTurn(r *http.Request) (*turn, *http.Request) {
	k, ok := r.Context().Value(connectionKey{}).(*connection)
	if !ok {
		return nil, r
	}
	t := &turn{connection: k}
	if r.ContentLength == 0 {
		t.begin()
		return t, r
	}
	r.Body = &turnBody{r.Body, t}
	return t, r
}

func (t *turn) begin() {
	if t.state == turnToCome {
		t.state = turnUnderWay
		t.connection.handling(+1)
	}
}

func (t *turn) end() {
	if t == nil {
		return
	}
	if t.state == turnUnderWay {
		t.connection.handling(-1)
	}
	t.state = turnOver
}

// turnBody begins the turn at its end.
type turnBody struct {
	io.ReadCloser
	turn *turn
}

// Read reads from the body.
func (b *turnBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.turn.begin()
	}
	return n, err
}
