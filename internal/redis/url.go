package redis

import (
	"errors"
	"net/url"

	goredis "github.com/redis/go-redis/v9"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// CheckURL tells what is wrong with the URL of a Redis. Errors never repeat any
// of it, because it may hold a password.
func CheckURL(u config.Secret) error {
	_, err := parseURL(u)
	return err
}

func parseURL(secret config.Secret) (*goredis.Options, error) {
	u, err := url.Parse(secret.Reveal())
	if err != nil {
		return nil, errors.New("is no URL: write it as redis://user:password@host:6379/0, with special characters of the password percent-encoded")
	}
	switch u.Scheme {
	case "redis", "rediss", "unix":
	default:
		return nil, errors.New("must begin with redis://, rediss:// (TLS) or unix:// (a socket's path)")
	}
	if u.Fragment != "" || u.RawQuery != "" && (u.Scheme != "unix" || !u.Query().Has("db") || len(u.Query()) > 1) {
		return nil, errors.New("must end after the database's number, or the db parameter of a socket; percent-encode special characters of the password")
	}
	options, err := goredis.ParseURL(secret.Reveal())
	if err != nil {
		return nil, errors.New("cannot be understood: write it as redis://user:password@host:6379/0, the last part being the database's number")
	}
	return options, nil
}
