package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"time"

	xscrypt "golang.org/x/crypto/scrypt"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// cost is that of every password hash.
var cost = scrypt.Cost{N: 16384, R: 16}

const keyLength = 64

// opensslScript has Node call the scrypt of its OpenSSL, which is C and the very code that the original runs:
// scryptSync, so that no thread pool comes into it. It prints the milliseconds of each call, and the key.
const opensslScript = `
const { scryptSync } = require("node:crypto");
const times = [];
let key;
for (let i = 0; i < Number(process.argv[1]); i++) {
	const begin = process.hrtime.bigint();
	key = scryptSync("password", "salt", 64, { N: 16384, r: 16, p: 1, maxmem: 64 * 1024 * 1024 });
	times.push(Number(process.hrtime.bigint() - begin) / 1e6);
}
console.log(JSON.stringify({ times, key: key.toString("base64") }));`

// hashLimits times one hash of a password in one thread.
func hashLimits(ctx context.Context, b *bench) ([]limit, error) {
	times := 2 + 3*b.rounds
	c, theirs, err := opensslTimes(ctx, times)
	if err != nil {
		return nil, err
	}
	area, err := scrypt.NewArea(cost)
	if err != nil {
		return nil, err
	}
	defer func() { _ = area.Free() }()
	own, err := timed(times, time.Millisecond, func() error {
		return sameKey(theirs)(area.Key("password", []byte("salt"), keyLength))
	})
	if err != nil {
		return nil, err
	}
	pairs, err := pairTimes(theirs, times)
	if err != nil {
		return nil, err
	}
	x, err := timed(times, time.Millisecond, func() error {
		return sameKey(theirs)(xscrypt.Key([]byte("password"), []byte("salt"), cost.N, cost.R, 1, keyLength))
	})
	if err != nil {
		return nil, err
	}
	return []limit{
		newLimit("scrypt N=16384 r=16, OpenSSL in Node", "ms", c), newLimit("scrypt N=16384 r=16, sallyport", "ms", own),
		newLimit("scrypt N=16384 r=16, sallyport, one of two side by side", "ms", pairs),
		newLimit("scrypt N=16384 r=16, golang.org/x/crypto", "ms", x),
	}, nil
}

// pairTimes times two hashes side by side and gives what each costs.
func pairTimes(want []byte, times int) ([]float64, error) {
	one, err := scrypt.NewArea(cost)
	if err != nil {
		return nil, err
	}
	defer func() { _ = one.Free() }()
	two, err := scrypt.NewArea(cost)
	if err != nil {
		return nil, err
	}
	defer func() { _ = two.Free() }()
	secret := scrypt.Secret{Password: "password", Salt: []byte("salt")}
	return timed(times, 2*time.Millisecond, func() error {
		first, second, err := scrypt.Pair(one, two, secret, secret, keyLength)
		return errors.Join(sameKey(want)(first, err), sameKey(want)(second, err))
	})
}

// sameKey checks that what was timed is the same work.
func sameKey(want []byte) func([]byte, error) error {
	return func(key []byte, err error) error {
		if err == nil && !bytes.Equal(key, want) {
			err = errors.New("two programs have made different keys of a password")
		}
		return err
	}
}

func opensslTimes(ctx context.Context, times int) (milliseconds []float64, key []byte, err error) {
	out, err := exec.CommandContext(ctx, "node", "-e", opensslScript, fmt.Sprint(times)).Output()
	if err != nil {
		return nil, nil, fmt.Errorf("timing OpenSSL: %w", err)
	}
	var printed struct {
		Times []float64
		Key   []byte
	}
	err = json.Unmarshal(out, &printed)
	return printed.Times, printed.Key, err
}

// signLimit times the signature of a token, in one thread.
func signLimit(_ context.Context, b *bench) ([]limit, error) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	const signatures = 1000
	message := make([]byte, 400)
	all, err := timed(2+3*b.rounds, time.Microsecond*signatures, func() error {
		for range signatures {
			ed25519.Sign(key, message)
		}
		return nil
	})
	return []limit{newLimit("Ed25519 signature of 400 bytes", "us", all)}, err
}
