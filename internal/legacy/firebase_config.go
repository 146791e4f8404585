package legacy

import (
	"errors"
	"fmt"
	"strings"
)

// ParseFirebaseConfig reads the parameters of a project as the console of Firebase
// shows them: a line for each, with its name, a colon and the value.
func ParseFirebaseConfig(text string) (*Firebase, error) {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(line, ":"); ok {
			values[strings.TrimSpace(name)] = strings.Trim(strings.TrimSpace(value), `",`)
		}
	}
	if values["algorithm"] != "SCRYPT" {
		return nil, errors.New("has no line `algorithm: SCRYPT`: it must be what the console of Firebase shows as password hash parameters")
	}
	f := &Firebase{Rounds: number(values["rounds"]), MemCost: number(values["mem_cost"])}
	var errKey, errSeparator error
	f.SignerKey, errKey = decode(values["base64_signer_key"], asBase64)
	f.SaltSeparator, errSeparator = decode(values["base64_salt_separator"], asBase64)
	if err := errors.Join(errKey, errSeparator); err != nil || len(f.SignerKey) == 0 {
		return nil, errors.New("has no base64_signer_key or no base64_salt_separator in base64")
	}
	if err := (scryptCost{f.MemCost, f.Rounds, 1}).check(); err != nil {
		return nil, fmt.Errorf("%w: look at rounds and mem_cost", err)
	}
	return f, nil
}
