package secure

import "container/list"

// queue is the order in which waiting hashes get their turn: the addresses they come from take turns,
// and within an address it is first come, first served. So whoever waits behind a flood from another
// address waits for one hash of it. The zero value is an empty queue; slots guards it.
type queue struct {
	turns  list.List // of *group, whose turn comes next first
	groups map[string]*group
	size   int
}

// group are the waiting hashes of one address; there is none that is empty.
type group struct {
	waiting list.List // of *job
	turn    *list.Element
}

func (q *queue) len() int { return q.size }

func (q *queue) push(j *job) {
	if q.groups == nil {
		q.groups = make(map[string]*group)
	}
	g := q.groups[j.address]
	if g == nil {
		g = &group{}
		g.turn = q.turns.PushBack(g)
		q.groups[j.address] = g
	}
	j.place = g.waiting.PushBack(j)
	q.size++
}

// pop takes out whose turn it is; nil when nobody waits.
func (q *queue) pop() *job {
	front := q.turns.Front()
	if front == nil {
		return nil
	}
	g, _ := front.Value.(*group)
	j, _ := g.waiting.Front().Value.(*job)
	q.turns.MoveToBack(front)
	q.remove(j)
	return j
}

// remove takes out j wherever it stands and reports whether it was still there.
func (q *queue) remove(j *job) bool {
	if j.place == nil {
		return false
	}
	g := q.groups[j.address]
	g.waiting.Remove(j.place)
	j.place = nil
	q.size--
	if g.waiting.Len() == 0 {
		q.turns.Remove(g.turn)
		delete(q.groups, j.address)
	}
	return true
}
