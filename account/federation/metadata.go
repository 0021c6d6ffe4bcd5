package federation

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/crewjam/saml"
	"github.com/crewjam/saml/samlsp"

	"preau/core/db"
)

// maxDocument is how much of what a provider publishes is read, in bytes.
const maxDocument = 4 << 20

// client asks a provider: briefly, and nobody else whom it would name.
func (s *Service) client() *http.Client {
	if s.Client != nil {
		return s.Client
	}
	return &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// fetch reads what a provider publishes at an address.
func (s *Service) fetch(ctx context.Context, address string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	response, err := s.client().Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", address, response.Status)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxDocument+1))
	if err == nil && len(body) > maxDocument {
		err = fmt.Errorf("%s has more than %d bytes", address, maxDocument)
	}
	return string(body), err
}

// publication is where a provider publishes what must be known of it.
func (p Provider) publication() string {
	if p.Protocol == OIDC { // OpenID Connect Discovery §4
		return strings.TrimSuffix(p.Issuer, "/") + "/.well-known/openid-configuration"
	}
	return p.Metadata
}

// Add declares a provider, or declares it anew: what it publishes is read and
// checked first. The path of its metadata is within dir, unless it is absolute.
func (s *Service) Add(ctx context.Context, p Provider, dir string) error {
	var document string
	var err error
	if p.remote() {
		document, err = s.fetch(ctx, p.publication())
	} else {
		path := p.Metadata
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		document, err = readFile(path)
	}
	if err == nil {
		err = p.learn(document, s.DB.Now())
	}
	if err != nil {
		return fmt.Errorf("what %s publishes: %w", p.Name, err)
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return s.keep(tx, p) })
}

func readFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > maxDocument {
		return "", fmt.Errorf("%s is no file of %d bytes at most", path, maxDocument)
	}
	text, err := os.ReadFile(path)
	return string(text), err
}

// Refresh reads again what a provider publishes. What cannot be read, or is
// not to be relied on, leaves what was known until its own term, and is noted.
func (s *Service) Refresh(ctx context.Context, p Provider) error {
	if !p.remote() {
		return errors.New("the metadata came from a file: add the provider again with a new one")
	}
	before := p
	document, err := s.fetch(ctx, p.publication())
	if err == nil {
		err = p.learn(document, s.DB.Now())
	}
	if err == nil {
		err = p.sameAs(before)
	}
	if err != nil {
		p, p.Trouble = before, err.Error()
	}
	noted := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := ProviderNamed(tx, p.Name); err != nil { // removed meanwhile
			return err
		}
		return s.keep(tx, p)
	})
	return errors.Join(err, noted)
}

// RefreshAll reads again what every provider publishes, and joins what went
// wrong.
func (s *Service) RefreshAll(ctx context.Context) error {
	var all []Provider
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = Providers(tx)
		return err
	})
	for _, p := range all {
		if !p.remote() {
			continue
		}
		if one := s.Refresh(ctx, p); one != nil {
			err = errors.Join(err, fmt.Errorf("refreshing %s: %w", p.Name, one))
		}
	}
	return err
}

// learn checks what a provider publishes and takes it over.
func (p *Provider) learn(document string, now time.Time) error {
	p.document, p.Refreshed, p.Trouble = document, now, ""
	if p.Protocol == OIDC {
		_, err := p.discovery()
		return err
	}
	entity, err := p.entity()
	if err != nil {
		return err
	}
	p.ValidUntil = entity.ValidUntil
	for _, role := range entity.IDPSSODescriptors {
		if role.ValidUntil != nil && (p.ValidUntil.IsZero() || role.ValidUntil.Before(p.ValidUntil)) {
			p.ValidUntil = *role.ValidUntil
		}
	}
	if !p.Open(now) {
		return fmt.Errorf("it was valid until %s", p.ValidUntil.UTC().Format(time.RFC3339))
	}
	return nil
}

// sameAs refuses what another entity publishes under the same address: its
// assertions would be taken for those of the one that was declared.
func (p Provider) sameAs(before Provider) error {
	if p.Protocol == OIDC {
		return nil // discovery has checked the issuer
	}
	now, err := p.entity()
	if err != nil {
		return err
	}
	then, err := before.entity()
	if err != nil {
		return err
	}
	if now.EntityID != then.EntityID {
		return fmt.Errorf("it is %.200q, and was %.200q", now.EntityID, then.EntityID)
	}
	return nil
}

// entity reads the metadata of a SAML provider, with the certificates that it
// may sign with and no other. Validity in time is asked at each use.
func (p Provider) entity() (*saml.EntityDescriptor, error) {
	if strings.Contains(p.document, "<!") { // no document type: no entity
		return nil, errors.New("a declaration or a comment of XML")
	}
	entity, err := samlsp.ParseMetadata([]byte(p.document))
	if err != nil {
		return nil, err
	}
	if entity.EntityID == "" || len(entity.IDPSSODescriptors) != 1 {
		return nil, errors.New("it describes no identity provider, or several")
	}
	role := &entity.IDPSSODescriptors[0]
	role.KeyDescriptors = slices.DeleteFunc(role.KeyDescriptors, func(k saml.KeyDescriptor) bool {
		return k.Use != "signing" && k.Use != "" // SAML Metadata §2.4.1.1: without a use, for both
	})
	kept := 0
	for i := range role.KeyDescriptors {
		data := &role.KeyDescriptors[i].KeyInfo.X509Data
		data.X509Certificates = slices.DeleteFunc(data.X509Certificates, func(c saml.X509Certificate) bool { return !p.signsWith(c.Data) })
		kept += len(data.X509Certificates)
	}
	role.KeyDescriptors = slices.DeleteFunc(role.KeyDescriptors, func(k saml.KeyDescriptor) bool { return len(k.KeyInfo.X509Data.X509Certificates) == 0 })
	if kept == 0 {
		return nil, errors.New("none of its certificates may sign")
	}
	if location(entity) == "" {
		return nil, errors.New("it takes no request by HTTP-Redirect over https")
	}
	return entity, nil
}

// location is where requests go.
func location(entity *saml.EntityDescriptor) string {
	for _, service := range entity.IDPSSODescriptors[0].SingleSignOnServices {
		if service.Binding == saml.HTTPRedirectBinding && safe(service.Location) {
			return service.Location
		}
	}
	return ""
}

// signsWith tells whether a certificate, in base64, is one that may sign: pinned
// when there are pins, and with a key that holds.
func (p Provider) signsWith(text string) bool {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || !p.pinned(sha256.Sum256(der)) {
		return false
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return false
	}
	switch key := certificate.PublicKey.(type) {
	case *rsa.PublicKey:
		return key.N.BitLen() >= 2048
	case *ecdsa.PublicKey:
		return key.Params().BitSize >= 256
	}
	return false
}

// algorithms are those of an ID token that hold; never none, and none with a
// shared secret.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// discovery reads the discovery of an OpenID provider (OpenID Connect Discovery
// §3 and §4.3).
func (p Provider) discovery() (d oidc.ProviderConfig, err error) {
	if err := json.Unmarshal([]byte(p.document), &d); err != nil {
		return d, err
	}
	if d.IssuerURL != p.Issuer {
		return d, fmt.Errorf("it is of %.200q", d.IssuerURL)
	}
	for _, address := range []string{d.AuthURL, d.TokenURL, d.JWKSURL} {
		if !safe(address) {
			return d, fmt.Errorf("the address %.200q is not https", address)
		}
	}
	if d.UserInfoURL != "" && !safe(d.UserInfoURL) {
		return d, fmt.Errorf("the address %.200q is not https", d.UserInfoURL)
	}
	d.Algorithms = slices.DeleteFunc(d.Algorithms, func(one string) bool { return !slices.Contains(algorithms, one) })
	if len(d.Algorithms) == 0 { // §3: RS256 must be supported
		d.Algorithms = []string{oidc.RS256}
	}
	return d, nil
}
