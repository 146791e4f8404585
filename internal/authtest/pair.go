package authtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Pair is a certificate with its private key, as two PEM files.
type Pair struct {
	// Cert and Key are the files.
	Cert, Key string
	// Leaf is the certificate itself.
	Leaf *x509.Certificate

	t testing.TB
}

// NewPair issues a certificate for a name and for 127.0.0.1, signed by itself.
func NewPair(t testing.TB, name string) *Pair {
	t.Helper()
	dir := t.TempDir()
	p := &Pair{Cert: filepath.Join(dir, "tls.crt"), Key: filepath.Join(dir, "tls.key"), t: t}
	p.Issue(name, time.Now().Add(90*24*time.Hour))
	return p
}

// Issue puts a new certificate and a new key into the files.
func (p *Pair) Issue(name string, until time.Time) {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		p.t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.Leaf, err = x509.ParseCertificate(der); err != nil {
		p.t.Fatal(err)
	}
	p.write(p.Cert, "CERTIFICATE", der)
	p.write(p.Key, "PRIVATE KEY", private)
}

func (p *Pair) write(file, kind string, der []byte) {
	p.t.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		p.t.Fatal(err)
	}
}
