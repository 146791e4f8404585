package swap

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// letter is a message as either side posts it.
type letter struct {
	Event, Recipient string
	Data             struct{ URL, Token string }
}

// post is the office that both sides give their messages to.
type post struct {
	url string

	mu    sync.Mutex
	boxes map[string]chan letter
}

func newPost(t *testing.T) *post {
	t.Helper()
	p := &post{boxes: map[string]chan letter{}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// ServeHTTP takes one message.
func (p *post) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var l letter
	if err := json.NewDecoder(r.Body).Decode(&l); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	select {
	case p.box(l.Event, l.Recipient) <- l:
	default:
		http.Error(w, "nobody takes these letters", http.StatusInsufficientStorage)
	}
}

func (p *post) box(event, recipient string) chan letter {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := event + " to " + recipient
	if p.boxes[name] == nil {
		p.boxes[name] = make(chan letter, 10)
	}
	return p.boxes[name]
}

// deliveredWithin is far longer than either side takes.
const deliveredWithin = 30 * time.Second

// wait gives the next message of an event to an address.
func (p *post) wait(event, recipient string) (letter, error) {
	select {
	case l := <-p.box(event, recipient):
		return l, nil
	case <-time.After(deliveredWithin):
		return letter{}, fmt.Errorf("no %s came to %s", event, recipient)
	}
}
