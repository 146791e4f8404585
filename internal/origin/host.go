package origin

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// defaultPorts are left out when an origin is written.
var defaultPorts = map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}

// setAuthority reads "host" or "host:port" and reports whether it is one. A
// user name is refused: whoever reads the URL carelessly takes it for the host.
func (u *parsed) setAuthority(text string) bool {
	host, port, ok := splitPort(text)
	if !ok {
		return false
	}
	u.port = port
	switch {
	case host == "":
		return !u.special() && port == ""
	case host[0] == '[':
		u.host, ok = bracketed(host)
		return ok
	case u.special():
		u.host = strings.ToLower(host)
		return isDomain(u.host)
	default:
		u.host = host
		return isAppHost(host)
	}
}

// splitPort cuts a port off an authority. An empty port counts as none.
func splitPort(text string) (host, port string, ok bool) {
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 || colon < strings.LastIndexByte(text, ']') {
		return text, "", true
	}
	host, port = text[:colon], text[colon+1:]
	if port == "" {
		return host, "", host != ""
	}
	if !isPort(port) {
		return "", "", false
	}
	number, err := strconv.ParseUint(port, 10, 16)
	return host, strconv.FormatUint(number, 10), err == nil && host != ""
}

// isPort reports whether what follows the colon of text such as
// "localhost:3000" is a port, so that the scheme was forgotten.
func isPort(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// bracketed reads an IPv6 address in brackets and writes it as browsers do:
// compressed, lower case, hexadecimal throughout.
func bracketed(text string) (string, bool) {
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil || !addr.Is6() || addr.Zone() != "" || !strings.HasSuffix(text, "]") {
		return "", false
	}
	if addr.Is4In6() {
		b := addr.As16()
		return fmt.Sprintf("[::ffff:%x:%x]", uint16(b[12])<<8|uint16(b[13]), uint16(b[14])<<8|uint16(b[15])), true
	}
	return "[" + addr.String() + "]", true
}

// isDomain reports whether host, in lower case, is a plain ASCII host name or
// an IPv4 address in its usual form.
func isDomain(host string) bool {
	for _, char := range []byte(host) {
		if !('a' <= char && char <= 'z' || '0' <= char && char <= '9' || strings.IndexByte(".-_", char) >= 0) {
			return false
		}
	}
	if !endsInNumber(host) {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is4()
}

// endsInNumber reports whether browsers would read host as an IPv4 address:
// its last label is a decimal or hexadecimal number. 127.1 and 0x7f000001 are
// both 127.0.0.1 to them.
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == "" {
		return false
	}
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(last, "0123456789") == ""
}

// isAppHost reports whether text can be the host of an app's scheme.
func isAppHost(text string) bool {
	for _, char := range []byte(text) {
		if char <= ' ' || char >= 0x7f || strings.IndexByte(`%<>@[]^|:\"{}`+"`", char) >= 0 {
			return false
		}
	}
	return true
}

// authority is "host" or "host:port" as given.
func (u *parsed) authority() string {
	if u.port == "" {
		return u.host
	}
	return u.host + ":" + u.port
}

// hostPort is the authority without the scheme's own port.
func (u *parsed) hostPort() string {
	if u.port == defaultPorts[u.scheme] {
		return u.host
	}
	return u.authority()
}

// origin is the URL's origin as browsers write it.
func (u *parsed) origin() string {
	return u.scheme + "://" + u.hostPort()
}
