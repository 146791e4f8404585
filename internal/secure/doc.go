// Package secure holds the cryptography of the server that is not JOSE: password hashes, random
// identifiers and tokens, signed cookie values, and the symmetric envelope in which secrets of users
// and signing keys are stored.
//
// Every format is Better Auth's, so that either server reads what the other wrote:
//
//   - passwords: "<salt>:<key>", scrypt with N=16384, r=16, p=1 and 64 bytes of key
//   - cookie values: "<value>.<base64 HMAC-SHA256>"
//   - ciphertexts: hex of nonce, ciphertext and tag of XChaCha20-Poly1305, with versioned secrets
//     behind the tag "$ba$<version>$"
//
// Cookie headers are read and written in package api, signing keys live in package jose. Randomness
// comes in as an io.Reader; nothing here reads the system's own.
package secure
