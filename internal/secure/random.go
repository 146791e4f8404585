package secure

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// Alphanumeric is the alphabet of ids and session tokens, in Better Auth's order.
const Alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// idLength is 32 for row ids and session tokens alike: about 190 bits.
const idLength = 32

// RandomString draws n characters of alphabet, each equally likely. The alphabet is one byte per
// character and at most 256 of them.
func RandomString(rand io.Reader, alphabet string, n int) (string, error) {
	size := len(alphabet)
	if size == 0 || size > 256 || n <= 0 {
		return "", errors.New("a random string needs an alphabet of 1 to 256 characters and a positive length")
	}
	// Bytes from the incomplete last round of the alphabet are thrown away: they would favour its start.
	limit := 256 / size * size
	drawn := make([]byte, 2*n)
	text := make([]byte, 0, n)
	for len(text) < n {
		if _, err := io.ReadFull(rand, drawn); err != nil {
			return "", fmt.Errorf("reading random bytes: %w", err)
		}
		for _, b := range drawn {
			if int(b) < limit && len(text) < n {
				text = append(text, alphabet[int(b)%size])
			}
		}
	}
	return string(text), nil
}

// NewID makes the id of a row: 32 letters and digits.
func NewID(rand io.Reader) (string, error) { return RandomString(rand, Alphanumeric, idLength) }

// NewUUID makes the id of a row where ids are UUIDs: a random one (RFC 9562, section 5.4).
func NewUUID(rand io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		return "", fmt.Errorf("reading random bytes: %w", err)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return uuidText(b), nil
}

// NewToken makes a session token: 32 letters and digits.
func NewToken(rand io.Reader) (string, error) { return RandomString(rand, Alphanumeric, idLength) }

// NewTimeUUID makes an id that sorts by its time, which it holds to a quarter of a microsecond
// (RFC 9562, sections 5.7 and 6.2, method 3).
func NewTimeUUID(rand io.Reader, at time.Time) (string, error) {
	b := timeBytes(at)
	if _, err := io.ReadFull(rand, b[8:]); err != nil {
		return "", fmt.Errorf("reading random bytes: %w", err)
	}
	return timeUUID(b), nil
}

// FirstTimeUUID gives the first id of a time: those of NewTimeUUID for earlier ones are less.
func FirstTimeUUID(at time.Time) string { return timeUUID(timeBytes(at)) }

// timeBytes puts a time in the first half of an id. What lies before 1970 or too far ahead for the
// form is moved to its ends.
func timeBytes(at time.Time) (b [16]byte) {
	const farthest = 1<<48 - 1
	milli := min(max(at.UnixMilli(), 0), farthest)
	fraction := uint64(at.Nanosecond()%int(time.Millisecond)) << 12 / uint64(time.Millisecond)
	binary.BigEndian.PutUint64(b[:], uint64(milli)<<16|fraction)
	return b
}

func timeUUID(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	return uuidText(b)
}

func uuidText(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
