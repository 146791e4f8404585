package legacy

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// rawBase64 is base64 without padding, as PHC strings have it.
var rawBase64 = base64.RawStdEncoding.Strict()

// errBase64 says what is wrong without repeating the hash.
var errBase64 = errors.New("is not base64 where it should be")

// unpadded reads base64 with or without its padding.
func unpadded(text string) ([]byte, error) {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return nil, errBase64
	}
	return raw, nil
}

// The encodings in which bytes come.
const (
	asBase64 = "base64"
	asHex    = "hex"
	asUTF8   = "utf8"
)

// webSafe turns the letters of base64 for addresses of the web into the usual ones.
var webSafe = strings.NewReplacer("-", "+", "_", "/")

// decode reads bytes in an encoding.
func decode(text, encoding string) ([]byte, error) {
	switch encoding {
	case asBase64:
		return unpadded(webSafe.Replace(text))
	case asHex:
		raw, err := hex.DecodeString(text)
		if err != nil {
			return nil, errors.New("is not hexadecimal where it should be")
		}
		return raw, nil
	case asUTF8:
		return []byte(text), nil
	}
	return nil, fmt.Errorf("has the encoding %q, which is none of %s, %s and %s", encoding, asBase64, asHex, asUTF8)
}

// number reads a number of digits; one that is too large is beyond every bound.
func number(digits string) int {
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil {
		return 1<<31 - 1
	}
	return int(n)
}
