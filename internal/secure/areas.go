package secure

import (
	"sync/atomic"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// areas keeps the memory of hashes from one to the next, as many as may run at once.
type areas struct {
	cost   scrypt.Cost
	unused chan *scrypt.Area
	closed atomic.Bool
}

func newAreas(most int, cost scrypt.Cost) *areas {
	return &areas{cost: cost, unused: make(chan *scrypt.Area, most)}
}

// secret is scrypt's as Better Auth calls it: the salt is the hexadecimal text itself, not its bytes.
func secret(j *job) scrypt.Secret {
	return scrypt.Secret{Password: nfkc(j.password), Salt: []byte(j.salt)}
}

// derive gives the keys of one job, or of two that are done side by side.
func (s *areas) derive(jobs []*job) (keys [2][]byte, err error) {
	first, err := s.take()
	if err != nil {
		return keys, err
	}
	defer s.put(first)
	one := secret(jobs[0])
	if len(jobs) == 1 {
		keys[0], err = first.Key(one.Password, one.Salt, scryptKeyLen)
		return keys, err
	}
	second, err := s.take()
	if err != nil {
		return keys, err
	}
	defer s.put(second)
	keys[0], keys[1], err = scrypt.Pair(first, second, one, secret(jobs[1]), scryptKeyLen)
	return keys, err
}

func (s *areas) take() (*scrypt.Area, error) {
	select {
	case area := <-s.unused:
		return area, nil
	default:
		return scrypt.NewArea(s.cost)
	}
}

func (s *areas) put(area *scrypt.Area) {
	if !s.closed.Load() {
		select {
		case s.unused <- area:
			return
		default:
		}
	}
	_ = area.Free()
}

// release gives the memory that no hash is in back to the system.
func (s *areas) release() {
	for {
		select {
		case area := <-s.unused:
			_ = area.Free()
		default:
			return
		}
	}
}

// close is release for good.
func (s *areas) close() {
	s.closed.Store(true)
	s.release()
}
