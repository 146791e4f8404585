package secure

import "container/list"

// queue is the order in which waiting hashes get their turn: first come, first served. The zero value
// is an empty queue; slots guards it.
type queue struct {
	order list.List
	place map[*waiter]*list.Element
}

func (q *queue) len() int { return q.order.Len() }

func (q *queue) push(w *waiter) {
	if q.place == nil {
		q.place = make(map[*waiter]*list.Element)
	}
	q.place[w] = q.order.PushBack(w)
}

// pop takes out whose turn it is; nil when nobody waits.
func (q *queue) pop() *waiter {
	front := q.order.Front()
	if front == nil {
		return nil
	}
	w, _ := front.Value.(*waiter)
	q.remove(w)
	return w
}

// remove takes out w wherever it stands and reports whether it was still there.
func (q *queue) remove(w *waiter) bool {
	element, waiting := q.place[w]
	if waiting {
		q.order.Remove(element)
		delete(q.place, w)
	}
	return waiting
}
