package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"genbo"
)

// Names of the authority's files in its directory.
const (
	AuthorityFile = "authority.crt"
	authorityKey  = "authority.key"
)

// Lifetimes of certificates.
const (
	authorityLifetime = 5 * 365 * 24 * time.Hour
	lifetime          = 365 * 24 * time.Hour
)

// Authority is a certificate authority for tests.
type Authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	now  time.Time
}

// OpenAuthority opens the authority in a directory, and makes one where there is none.
func OpenAuthority(dir string, now time.Time) (*Authority, error) {
	a := &Authority{dir: dir, now: now}
	err := a.load()
	if errors.Is(err, fs.ErrNotExist) {
		err = a.create()
	}
	if err != nil {
		return nil, fmt.Errorf("open certificate authority in %s: %w", dir, err)
	}
	return a, nil
}

func (a *Authority) load() error {
	cert, err := readPEM(filepath.Join(a.dir, AuthorityFile))
	if err != nil {
		return err
	}
	key, err := readPEM(filepath.Join(a.dir, authorityKey))
	if err != nil {
		return err
	}
	if a.cert, err = x509.ParseCertificate(cert); err != nil {
		return err
	}
	a.key, err = x509.ParseECPrivateKey(key)
	return err
}

func readPEM(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM file: %w", path, genbo.ErrInvalid)
	}
	return block.Bytes, nil
}

func (a *Authority) create() error {
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return err
	}
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Genbo test authority"}, NotBefore: a.now.Add(-time.Hour), NotAfter: a.now.Add(authorityLifetime),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return err
	}
	a.cert = template
	a.cert, err = a.write(template, a.key, "authority")
	return err
}

// Server issues the certificate of a server that is reached under the given names and addresses.
func (a *Authority) Server(name string, hosts []string) error {
	template := &x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	return a.issue(template, name)
}

// Device issues the certificate of an office device; its name is the device's identifier.
func (a *Authority) Device(id genbo.DeviceID) error {
	return a.issue(&x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, string(id))
}

// nameForm keeps names usable as files and in journals.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

func (a *Authority) issue(template *x509.Certificate, name string) error {
	if !nameForm.MatchString(name) {
		return fmt.Errorf("%q is no name of a certificate (letters, digits, dot, hyphen): %w", name, genbo.ErrInvalid)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("issue certificate: %w", err)
	}
	template.Subject = pkix.Name{CommonName: name}
	template.NotBefore, template.NotAfter = a.now.Add(-time.Hour), a.now.Add(lifetime)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	if _, err = a.write(template, key, name); err != nil {
		return fmt.Errorf("issue certificate %s: %w", name, err)
	}
	return nil
}

// write signs a certificate and writes it and its key under a name that is not taken.
func (a *Authority) write(template *x509.Certificate, key *ecdsa.PrivateKey, name string) (*x509.Certificate, error) {
	var err error
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(a.dir, name)
	if err := writeNew(path+".key", "EC PRIVATE KEY", secret, 0o600); err != nil {
		return nil, err
	}
	if err := writeNew(path+".crt", "CERTIFICATE", der, 0o644); err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func writeNew(path, kind string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	return errors.Join(pem.Encode(f, &pem.Block{Type: kind, Bytes: content}), f.Close())
}
