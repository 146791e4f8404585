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

// derive is scrypt as Better Auth calls it: the salt is the hexadecimal text itself, not its bytes.
func (s *areas) derive(password, salt string) ([]byte, error) {
	area, err := s.take()
	if err != nil {
		return nil, err
	}
	defer s.put(area)
	return area.Key(nfkc(password), []byte(salt), scryptKeyLen)
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
