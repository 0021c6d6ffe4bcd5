package federation

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"

	"preau/core/db"
	"preau/core/fail"
)

// pair is what requests are signed with.
type pair struct {
	key         *rsa.PrivateKey
	certificate *x509.Certificate
}

// The size of the key, and how long its certificate says that it holds.
// Providers take it for a container of the key (SAML Metadata
// Interoperability Profile §2.6.1).
const (
	keyBits  = 3072
	keyYears = 20
)

// pair reads the key pair, and makes it the first time. Of nodes that make it
// at once, one does; all get the same.
func (s *Service) pair(ctx context.Context) (p pair, err error) {
	read := func(tx *db.Tx) error {
		p, err = s.readPair(tx)
		return err
	}
	if err := s.DB.Read(ctx, read); !fail.Is(err, fail.NotFound) {
		return p, err
	}
	certificate, key, err := makePair(s.DB.Now())
	if err != nil {
		return p, fmt.Errorf("making a key: %w", err)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO federation_key (name, certificate, sealed, made_at) VALUES ('saml', $1, $2, $3) ON CONFLICT (name) DO NOTHING`,
			certificate, s.Key.Seal(sealedKey, key, certificate), db.At(tx.Now))
		if err != nil {
			return err
		}
		return read(tx)
	})
	return p, err
}

func (s *Service) readPair(tx *db.Tx) (p pair, err error) {
	var certificate, sealed []byte
	if err := tx.Get([]any{&certificate, &sealed}, `SELECT certificate, sealed FROM federation_key WHERE name = 'saml'`); err != nil {
		return p, err
	}
	plain, err := s.Key.Open(sealedKey, sealed, certificate)
	if err != nil {
		return p, err
	}
	key, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return p, err
	}
	var ok bool
	if p.key, ok = key.(*rsa.PrivateKey); !ok {
		return p, fmt.Errorf("the key is a %T", key)
	}
	p.certificate, err = x509.ParseCertificate(certificate)
	return p, err
}

// makePair makes a key and its own certificate, DER and PKCS #8.
func makePair(now time.Time) (certificate, key []byte, err error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Preau SAML"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(keyYears, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if certificate, err = x509.CreateCertificate(rand.Reader, template, template, private.Public(), private); err != nil {
		return nil, nil, err
	}
	key, err = x509.MarshalPKCS8PrivateKey(private)
	return certificate, key, err
}
