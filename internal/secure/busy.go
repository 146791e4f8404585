package secure

import (
	"errors"
	"fmt"
	"time"
)

// ErrBusy says that a password could not be hashed in reasonable time because too many others wait.
// The error itself is a *BusyError.
var ErrBusy = errors.New("too many passwords are waiting to be hashed")

// ErrClosed says that the server is stopping and hashes no more passwords.
var ErrClosed = errors.New("password hashing has stopped")

// BusyError is ErrBusy with the time after which trying again makes sense: whole seconds, at least one.
type BusyError struct{ RetryAfter time.Duration }

// Error tells the delay; it holds nothing about the request.
func (e *BusyError) Error() string {
	return fmt.Sprintf("%s; try again in %s", ErrBusy, e.RetryAfter)
}

// Is makes errors.Is(err, ErrBusy) true.
func (e *BusyError) Is(target error) bool { return target == ErrBusy }
