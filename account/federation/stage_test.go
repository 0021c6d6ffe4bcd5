package federation_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io/fs"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/crewjam/saml/testsaml"
	dsig "github.com/russellhaering/goxmldsig"

	"preau/account"
	"preau/account/federation"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory/feed"
	"preau/portal"
	"preau/test/house"
	"preau/test/village"
)

// stage is a village with its site, where identity providers may be declared.
type stage struct {
	brought *http.Cookie // of the browser that brought the last answer
	*house.House
	fed *federation.Service
}

func schemas() []db.Schema { return append(house.Schemas(), federation.Schema()) }

// fed is the village of every stage.
var fed = house.NewVillage(village.Options{Schools: 2, Seed: 1, Date: dbtest.Noon}, feed.DefaultCaps, schemas(), words...)

var words = []fs.FS{account.Words, federation.Words}

// onSQLite opens a stage on SQLite.
func onSQLite(t *testing.T) *stage {
	t.Helper()
	return open(fed.SQLite(t))
}

// onBoth runs a test on a stage on each database.
func onBoth(t *testing.T, f func(*testing.T, *stage)) {
	t.Helper()
	fed.Each(t, func(t *testing.T, h *house.House) { f(t, open(h)) })
}

// today opens a stage in a village that is fed now, with the clock of a provider
// that is not ours.
func today(t *testing.T, d *db.DB) *stage {
	t.Helper()
	d.Now = time.Now
	h := house.New(t, d, words...)
	h.Feed(h.Deliver(village.Options{Schools: 2, Seed: 1, Date: d.Now()}))
	return open(h)
}

func open(h *house.House) *stage {
	t := h.T
	t.Helper()
	s := &stage{House: h, fed: &federation.Service{DB: h.DB, Key: h.Key, Accounts: h.Accounts, Audit: h.Audit, Academies: feed.Academies}}
	hall := &portal.Portal{Accounts: h.Accounts, Ways: s.fed.Ways, Leaving: federation.Leaving}
	s.fed.LetIn = hall.LetIn
	table, err := rights.New(portal.Rights)
	if err != nil {
		t.Fatal(err)
	}
	h.Serve(web.Config{Hall: []web.Room{hall, s.fed}, Rights: table, Frame: hall.Frame})
	return s
}

// declare declares a provider, whose metadata is a file beside it.
func (s *stage) declare(p federation.Provider, metadata string) error {
	s.T.Helper()
	dir := s.T.TempDir()
	if metadata != "" {
		p.Metadata = "metadata.xml"
		if err := os.WriteFile(filepath.Join(dir, p.Metadata), []byte(metadata), 0o600); err != nil {
			s.T.Fatal(err)
		}
	}
	return s.fed.Add(s.T.Context(), p, dir)
}

var (
	byKey    = federation.Provider{Name: "educonnect", Label: "ÉduConnect", Protocol: federation.SAML, For: federation.Families, Matching: federation.ByKey}
	byVector = federation.Provider{Name: "aten", Label: "Téléservices", Protocol: federation.SAML, For: federation.Families, Matching: federation.ByVector}
	byMail   = federation.Provider{Name: "guichet", Label: "Guichet agents", Protocol: federation.SAML, For: federation.Agents, Matching: federation.ByMail, Attributes: []string{"mail", "ctemail"}}
)

// guardian is one who is nothing else, with what ÉduConnect says of them.
func (s *stage) guardian(rank int) (person school.ID, ref string) {
	s.T.Helper()
	s.Read(func(tx *db.Tx) error {
		var academy string
		var key int64
		err := tx.Get([]any{&person, &key, &academy}, `SELECT k.subject_id, k.jointure, f.academy FROM directory_key k
			JOIN feed_source f ON f.id = k.source_id JOIN directory_person p ON p.id = k.subject_id
			WHERE k.category = 'PersRelEleve' AND NOT p.organisation
			AND EXISTS (SELECT 1 FROM directory_bond b WHERE b.guardian_id = p.id)
			AND NOT EXISTS (SELECT 1 FROM directory_function o WHERE o.person_id = p.id)
			ORDER BY k.jointure LIMIT 1 OFFSET $1`, rank)
		ref = fmt.Sprintf("{AAF}%s|x|%d", strings.TrimLeft(academy, "0"), key)
		return err
	})
	return person, ref
}

// leave leaves for a provider, and gives what it is sent and what the browser
// keeps.
func (s *stage) leave(name string, kept ...*http.Cookie) (request, relay string, errand *http.Cookie) {
	s.T.Helper()
	reply := s.get("/login/saml/"+name+"?next=%2Fme", kept...)
	if reply.StatusCode != http.StatusSeeOther {
		reply.Wants(http.StatusSeeOther)
		s.T.FailNow()
	}
	to, err := reply.Location()
	if err != nil {
		s.T.Fatal(err)
	}
	text, err := testsaml.ParseRedirectRequest(to)
	if err != nil {
		s.T.Fatal(err)
	}
	var asked struct {
		ID string `xml:",attr"`
	}
	if err := xml.Unmarshal(text, &asked); err != nil {
		s.T.Fatal(err)
	}
	return asked.ID, to.Query().Get("RelayState"), cookie(reply, "preau-errand")
}

func cookie(r house.Reply, name string) *http.Cookie {
	for _, c := range r.Cookies() {
		if c.Name == name && c.MaxAge >= 0 {
			return &http.Cookie{Name: name, Value: c.Value}
		}
	}
	return nil
}

func (s *stage) get(path string, cookies ...*http.Cookie) house.Reply {
	s.T.Helper()
	r, err := http.NewRequestWithContext(s.T.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		s.T.Fatal(err)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return s.carry(r)
}

// carry sends a request of the browser that brings answers: it keeps what the
// last one left it.
func (s *stage) carry(r *http.Request) house.Reply {
	s.T.Helper()
	if s.brought != nil && len(r.Cookies()) > 0 { // a browser without any is another one
		r.AddCookie(s.brought)
	}
	reply := s.Do(r)
	if c := cookie(reply, "preau-vouched"); c != nil {
		s.brought = c
	}
	return reply
}

// post has another site's page post an answer.
func (s *stage) post(form url.Values) house.Reply {
	s.T.Helper()
	r := house.Visitor{House: s.House}.Form("/login/saml/acs", form)
	r.Header.Set("Origin", "https://idp.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return s.carry(r)
}

func answered(document []byte, relay string) url.Values {
	return url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(document)}, "RelayState": {relay}}
}

// nothing fails the test when anything was opened, or anybody found.
func (s *stage) nothing(what string) {
	s.T.Helper()
	if open := s.Some(`SELECT person_id FROM account_session UNION ALL SELECT person_id FROM federation_found UNION ALL
		SELECT person_id FROM account_account WHERE activated_at IS NOT NULL`); len(open) > 0 {
		s.T.Fatalf("%s opened something for %v", what, open)
	}
}

// idp is an identity provider of the test's, whose key signs whatever a test
// wants.
type idp struct {
	pair   tls.Certificate
	entity string
}

// keys are made once: a key takes long.
var keys = sync.OnceValue(func() [2]tls.Certificate {
	return [2]tls.Certificate{newPair(2048), newPair(2048)}
})

func newPair(bits int) tls.Certificate {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp.example"},
		NotBefore: dbtest.Noon.AddDate(-1, 0, 0), NotAfter: dbtest.Noon.AddDate(9, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func newIDP() *idp { return &idp{keys()[0], "https://idp.example/metadata"} }

func (i *idp) metadata(attributes string) string {
	return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="` + i.entity + `"` + attributes + `>
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>` +
		base64.StdEncoding.EncodeToString(i.pair.Certificate[0]) + `</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/>
</IDPSSODescriptor></EntityDescriptor>`
}

// answer is what an identity provider says; a test changes what it likes.
type answer struct {
	ID, Response                          string
	Issuer, Destination, InResponseTo     string
	Audience, Recipient, Confirms, Method string
	Issued, NotBefore, NotOnOrAfter       time.Time
	Confirmed                             time.Time
	SessionEnds                           time.Time
	Class                                 string // of the proof; empty: it does not say
	Unproved                              bool   // nothing is said of a proof
	Status                                string
	Said                                  map[string][]string
	Friendly                              bool // attributes are named by their friendly names
}

// says is the ordinary answer to a request.
func (s *stage) says(i *idp, request string, said map[string][]string) answer {
	now := s.DB.Now()
	return answer{
		ID: "_a" + rand.Text(), Response: "_r" + rand.Text(), Issuer: i.entity, Destination: s.URL + "/login/saml/acs", InResponseTo: request,
		Audience: s.URL + "/login/saml/metadata", Recipient: s.URL + "/login/saml/acs", Confirms: request, Method: "urn:oasis:names:tc:SAML:2.0:cm:bearer",
		Issued: now, NotBefore: now.Add(-time.Minute), NotOnOrAfter: now.Add(5 * time.Minute), Confirmed: now.Add(5 * time.Minute),
		Class: classes + "PasswordProtectedTransport", Status: "urn:oasis:names:tc:SAML:2.0:status:Success", Said: said,
	}
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

const (
	nsSAML  = "urn:oasis:names:tc:SAML:2.0:assertion"
	classes = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
)

// assertion writes the assertion, unsigned.
func (a answer) assertion() *etree.Element {
	e := etree.NewElement("saml:Assertion")
	e.CreateAttr("xmlns:saml", nsSAML)
	e.CreateAttr("ID", a.ID)
	e.CreateAttr("Version", "2.0")
	e.CreateAttr("IssueInstant", instant(a.Issued))
	e.CreateElement("saml:Issuer").SetText(a.Issuer)
	subject := e.CreateElement("saml:Subject")
	name := subject.CreateElement("saml:NameID")
	name.CreateAttr("Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")
	name.SetText("somebody")
	confirmation := subject.CreateElement("saml:SubjectConfirmation")
	confirmation.CreateAttr("Method", a.Method)
	data := confirmation.CreateElement("saml:SubjectConfirmationData")
	if a.Confirms != "" {
		data.CreateAttr("InResponseTo", a.Confirms)
	}
	data.CreateAttr("Recipient", a.Recipient)
	if !a.Confirmed.IsZero() {
		data.CreateAttr("NotOnOrAfter", instant(a.Confirmed))
	}
	conditions := e.CreateElement("saml:Conditions")
	conditions.CreateAttr("NotBefore", instant(a.NotBefore))
	conditions.CreateAttr("NotOnOrAfter", instant(a.NotOnOrAfter))
	if a.Audience != "" {
		conditions.CreateElement("saml:AudienceRestriction").CreateElement("saml:Audience").SetText(a.Audience)
	}
	if !a.Unproved {
		authn := e.CreateElement("saml:AuthnStatement")
		authn.CreateAttr("AuthnInstant", instant(a.Issued))
		if !a.SessionEnds.IsZero() {
			authn.CreateAttr("SessionNotOnOrAfter", instant(a.SessionEnds))
		}
		context := authn.CreateElement("saml:AuthnContext")
		if a.Class != "" {
			context.CreateElement("saml:AuthnContextClassRef").SetText(a.Class)
		}
	}
	statement := e.CreateElement("saml:AttributeStatement")
	for name, values := range a.Said {
		attribute := statement.CreateElement("saml:Attribute")
		if a.Friendly {
			attribute.CreateAttr("Name", "urn:oid:1.2.3.4")
			attribute.CreateAttr("FriendlyName", name)
		} else {
			attribute.CreateAttr("Name", name)
		}
		for _, value := range values {
			attribute.CreateElement("saml:AttributeValue").SetText(value)
		}
	}
	return e
}

// response writes the response around an assertion.
func (a answer) response(assertions ...*etree.Element) *etree.Element {
	e := etree.NewElement("samlp:Response")
	e.CreateAttr("xmlns:samlp", "urn:oasis:names:tc:SAML:2.0:protocol")
	e.CreateAttr("ID", a.Response)
	e.CreateAttr("Version", "2.0")
	e.CreateAttr("IssueInstant", instant(a.Issued))
	if a.Destination != "" {
		e.CreateAttr("Destination", a.Destination)
	}
	if a.InResponseTo != "" {
		e.CreateAttr("InResponseTo", a.InResponseTo)
	}
	issuer := e.CreateElement("saml:Issuer")
	issuer.CreateAttr("xmlns:saml", nsSAML)
	issuer.SetText(a.Issuer)
	e.CreateElement("samlp:Status").CreateElement("samlp:StatusCode").CreateAttr("Value", a.Status)
	for _, one := range assertions {
		e.AddChild(one)
	}
	return e
}

// sign signs an element, with the signature where the schema wants it: after
// the issuer.
func sign(t *testing.T, pair tls.Certificate, e *etree.Element, method string) *etree.Element {
	t.Helper()
	signer, err := dsig.NewSigningContext(pair.PrivateKey.(*rsa.PrivateKey), pair.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	signer.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	if err := signer.SetSignatureMethod(method); err != nil {
		t.Fatal(err)
	}
	signature, err := signer.ConstructSignature(e, true)
	if err != nil {
		t.Fatal(err)
	}
	signed := e.Copy()
	signed.InsertChildAt(1, signature)
	return signed
}

func write(t *testing.T, e *etree.Element) []byte {
	t.Helper()
	document := etree.NewDocument()
	document.SetRoot(e)
	text, err := document.WriteToBytes()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// signed is the answer with its assertion signed, as the wire has it.
func (a answer) signed(t *testing.T, i *idp) []byte {
	t.Helper()
	return write(t, a.response(sign(t, i.pair, a.assertion(), dsig.RSASHA256SignatureMethod)))
}
