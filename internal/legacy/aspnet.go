package legacy

import (
	"encoding/binary"
	"errors"
)

// errASPNET is about the form of such a hash.
var errASPNET = errors.New("is no hash of ASP.NET Identity, version 2 or 3")

// aspnetDigests are the digests by their numbers in version 3.
var aspnetDigests = []string{"sha1", "sha256", "sha512"}

// aspnetHash reads the bytes of a hash of ASP.NET Identity: a byte of version, and
// in version 3 the digest, the iterations and the length of the salt before salt
// and key.
func aspnetHash(raw []byte) (*Hash, error) {
	switch {
	case len(raw) == 1+16+32 && raw[0] == 0:
		return pbkdf2Hash("sha1", 1000, raw[1:17], raw[17:])
	case len(raw) < 13 || raw[0] != 1:
		return nil, errASPNET
	}
	digest, iterations, size := binary.BigEndian.Uint32(raw[1:]), binary.BigEndian.Uint32(raw[5:]), binary.BigEndian.Uint32(raw[9:])
	rest := raw[13:]
	if int(digest) >= len(aspnetDigests) || iterations > 1<<30 || uint64(size) > uint64(len(rest)) {
		return nil, errASPNET
	}
	return pbkdf2Hash(aspnetDigests[digest], int(iterations), rest[:size], rest[size:])
}
