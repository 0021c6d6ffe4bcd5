package federation

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/school"
)

// Protocol is how a provider speaks.
type Protocol string

// The protocols.
const (
	SAML Protocol = "saml"
	OIDC Protocol = "oidc"
)

// People is whom a provider speaks for.
type People string

// The two.
const (
	Families People = "families"
	Agents   People = "agents"
)

// hats are those that a provider for each opens. Who runs the
// installation, or works for a commune, is nobody's whom the State vouches for.
var hats = map[People][]school.Profile{
	Families: {school.Guardian},
	Agents:   {school.Teacher, school.Head, school.Staff, school.Admin, school.Pilot},
}

// Matching is how an answer names people.
type Matching string

// The matchings; see match.go.
const (
	ByKey    Matching = "educonnect" // FrEduCtRefId: the académie and the key of the AAF
	ByVector Matching = "vecteur"    // FrEduVecteur: the child, the school, the names
	ByMail   Matching = "mail"       // an academic mail
)

// Provider is an identity provider as an operator declares it, in JSON.
type Provider struct {
	Name     string   `json:"name"`  // in addresses: small letters, digits, dashes
	Label    string   `json:"label"` // on the button of the sign-in page, in French
	Protocol Protocol `json:"protocol"`
	For      People   `json:"for"`
	Matching Matching `json:"matching"`
	// Attributes are those that hold a mail, the first that names somebody
	// wins; of the matching "mail" only.
	Attributes []string `json:"attributes,omitempty"`

	// Metadata is, for SAML, the https address of the provider's metadata, read
	// again every night, or the path of a file, read once.
	Metadata string `json:"metadata,omitempty"`
	// Certificates are the SHA-256 of the only certificates with which it may
	// sign, in hexadecimal, with or without colons. Empty: those of its metadata.
	Certificates []string `json:"certificates,omitempty"`
	// Context is the class of authentication that is required; empty: a password
	// over TLS is asked for, and any answer taken; "any": none is asked for.
	Context string `json:"authn_context,omitempty"`

	// Issuer, ClientID, Secret and Scopes are of OpenID Connect. The secret is
	// kept sealed, apart.
	Issuer   string   `json:"issuer,omitempty"`
	ClientID string   `json:"client_id,omitempty"`
	Secret   string   `json:"client_secret,omitempty"`
	Scopes   []string `json:"scopes,omitempty"` // beside openid

	document   string
	sealed     []byte
	ValidUntil time.Time `json:"-"` // of what it published; zero: it does not say
	Refreshed  time.Time `json:"-"`
	Trouble    string    `json:"-"` // of the last refresh; empty: none
}

var (
	providerName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)
	fingerprint  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// taken are the names whose addresses are ours.
var taken = []string{"metadata", "acs", "callback"}

// maxLabel is the longest label of a button, in bytes.
const maxLabel = 60

// Declared reads the declaration of a provider, and refuses one that does not
// say what it must, or says what it does not use.
func Declared(text []byte) (p Provider, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return p, wrong("it is not the JSON of a provider: %v", err)
	}
	if decoder.More() {
		return p, wrong("it holds more than one provider")
	}
	for i, one := range p.Certificates {
		p.Certificates[i] = strings.ToLower(strings.ReplaceAll(one, ":", ""))
	}
	p.Label = school.Clean(p.Label)
	return p, p.check()
}

func wrong(format string, args ...any) error { return fail.New(fail.Invalid, format, args...) }

func (p Provider) check() error {
	switch {
	case !providerName.MatchString(p.Name) || slices.Contains(taken, p.Name):
		return wrong("name: small letters, digits and dashes, and not %s", strings.Join(taken, ", "))
	case p.Label == "" || len(p.Label) > maxLabel:
		return wrong("label: what the button says, %d bytes at most", maxLabel)
	case hats[p.For] == nil:
		return wrong("for: families or agents")
	case p.For == Families && p.Matching != ByKey && p.Matching != ByVector:
		return wrong("matching: educonnect or vecteur, for families")
	case p.For == Agents && p.Matching != ByMail:
		return wrong("matching: mail, for agents")
	case (p.Matching == ByMail) != (len(p.Attributes) > 0):
		return wrong("attributes: those that hold a mail, for the matching mail and no other")
	}
	if p.Protocol == SAML {
		return p.checkSAML()
	}
	return p.checkOIDC()
}

func (p Provider) checkSAML() error {
	switch {
	case p.Metadata == "":
		return wrong("metadata: an https address, or a file")
	case strings.Contains(p.Metadata, "://") && !safe(p.Metadata):
		return wrong("metadata: the address begins with https://")
	case p.Issuer+p.ClientID+p.Secret != "" || len(p.Scopes) > 0:
		return wrong("issuer, client_id, client_secret and scopes are of oidc")
	}
	for _, one := range p.Certificates {
		if !fingerprint.MatchString(one) {
			return wrong("certificates: SHA-256 in hexadecimal")
		}
	}
	return nil
}

func (p Provider) checkOIDC() error {
	switch {
	case p.Protocol != OIDC:
		return wrong("protocol: saml or oidc")
	case !safe(p.Issuer):
		return wrong("issuer: an https address")
	case p.ClientID == "" || p.Secret == "":
		return wrong("client_id and client_secret: those that the provider gave")
	case p.Metadata+p.Context != "" || len(p.Certificates) > 0:
		return wrong("metadata, certificates and authn_context are of saml")
	}
	return nil
}

// safe tells whether an address is https, or of this machine, which has no TLS
// to itself.
func safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && ip.IsLoopback())
}

// remote tells whether what the provider publishes can be read again.
func (p Provider) remote() bool { return p.Protocol == OIDC || safe(p.Metadata) }

// Open tells whether what the provider published is still valid: without, it
// vouches for nobody.
func (p Provider) Open(now time.Time) bool { return p.ValidUntil.IsZero() || now.Before(p.ValidUntil) }

// pinned tells whether a certificate, by its SHA-256, may sign.
func (p Provider) pinned(sum [32]byte) bool {
	return len(p.Certificates) == 0 || slices.Contains(p.Certificates, hex.EncodeToString(sum[:]))
}
