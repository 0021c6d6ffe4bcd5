package federation_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// No forged answer opens anything. Each is made of one that would be taken, for
// a try of its own; the victim is another parent than the one whom the provider
// vouched for. The first two are the controls: left as they are, they are taken.
func TestForgedAnswers(t *testing.T) {
	s, i := onSQLite(t), newIDP()
	if err := s.declare(byKey, i.metadata("")); err != nil {
		t.Fatal(err)
	}
	_, mine := s.guardian(0)
	_, victim := s.guardian(1)
	said := map[string][]string{"FrEduCtRefId": {mine}}
	rsa256 := dsig.RSASHA256SignatureMethod

	// Both ways of signing: the assertion, or the response around it.
	ofAssertion := func(t *testing.T, a answer) *etree.Element {
		return a.response(sign(t, i.pair, a.assertion(), rsa256))
	}
	ofResponse := func(t *testing.T, a answer) *etree.Element { return sign(t, i.pair, a.response(a.assertion()), rsa256) }
	// evil is an element that says the victim's key, without its signature and
	// under another identifier.
	evil := func(e *etree.Element, id string) *etree.Element {
		e = e.Copy()
		if id != "" {
			e.CreateAttr("ID", id)
		}
		for _, value := range e.FindElements(".//AttributeValue") {
			value.SetText(victim)
		}
		return e
	}
	signatureOf := func(e *etree.Element) *etree.Element { return e.SelectElement("Signature") }
	without := func(e *etree.Element) *etree.Element {
		e = e.Copy()
		e.RemoveChild(signatureOf(e))
		return e
	}
	child := func(e *etree.Element) *etree.Element { return e.SelectElement("Assertion") }
	change := func(f func(*answer)) func(*testing.T, answer) []byte {
		return func(t *testing.T, a answer) []byte {
			f(&a)
			return write(t, ofAssertion(t, a))
		}
	}
	minutes := func(n int) time.Time { return s.DB.Now().Add(time.Duration(n) * time.Minute) }

	for what, forge := range map[string]func(*testing.T, answer) []byte{
		// Signature wrapping, by the numbers of Somorovsky and others, "On
		// Breaking SAML" (2012), and of the tools that try them.
		"XSW1": func(t *testing.T, a answer) []byte {
			good := ofResponse(t, a)
			bad := evil(good, "_evil")
			signatureOf(bad).AddChild(without(good))
			return write(t, bad)
		},
		"XSW2": func(t *testing.T, a answer) []byte {
			good := ofResponse(t, a)
			bad := evil(good, "_evil")
			bad.InsertChildAt(1, without(good))
			return write(t, bad)
		},
		"XSW3": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			good.InsertChildAt(child(good).Index(), evil(without(child(good)), "_evil"))
			return write(t, good)
		},
		"XSW4": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			bad := evil(without(child(good)), "_evil")
			original := child(good)
			good.RemoveChild(original)
			bad.AddChild(original)
			good.AddChild(bad)
			return write(t, good)
		},
		"XSW5": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			original := without(child(good))
			bad := evil(child(good), "_evil")
			good.RemoveChild(child(good))
			good.AddChild(bad)
			good.AddChild(original)
			return write(t, good)
		},
		"XSW6": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			original := without(child(good))
			bad := evil(child(good), "_evil")
			signatureOf(bad).AddChild(original)
			good.RemoveChild(child(good))
			good.AddChild(bad)
			return write(t, good)
		},
		"XSW7": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			extensions := etree.NewElement("samlp:Extensions")
			extensions.AddChild(evil(without(child(good)), "_evil"))
			good.InsertChildAt(1, extensions)
			return write(t, good)
		},
		"XSW8": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			original := without(child(good))
			bad := evil(child(good), "_evil")
			signatureOf(bad).CreateElement("ds:Object").AddChild(original)
			good.RemoveChild(child(good))
			good.AddChild(bad)
			return write(t, good)
		},
		"XSW with one identifier twice": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			good.InsertChildAt(child(good).Index(), evil(without(child(good)), a.ID))
			return write(t, good)
		},
		"a signature moved to the response": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			signature := signatureOf(child(good))
			bad := evil(without(child(good)), "")
			good.RemoveChild(child(good))
			good.InsertChildAt(1, signature)
			good.AddChild(bad)
			return write(t, good)
		},
		"an assertion of the victim's, unsigned, beside": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			good.AddChild(evil(without(child(good)), "_evil"))
			return write(t, good)
		},
		"two assertions, both signed": func(t *testing.T, a answer) []byte {
			b := a
			b.ID = "_other"
			return write(t, a.response(sign(t, i.pair, a.assertion(), rsa256), sign(t, i.pair, b.assertion(), rsa256)))
		},
		"two assertions in a signed response": func(t *testing.T, a answer) []byte {
			b := a
			b.ID = "_other"
			return write(t, sign(t, i.pair, a.response(a.assertion(), b.assertion()), rsa256))
		},
		"an assertion and an encrypted one": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			encrypted := good.CreateElement("saml:EncryptedAssertion")
			encrypted.CreateAttr("xmlns:saml", nsSAML)
			return write(t, good)
		},
		"an encrypted assertion alone": func(t *testing.T, a answer) []byte {
			r := a.response()
			r.CreateElement("saml:EncryptedAssertion").CreateAttr("xmlns:saml", nsSAML)
			return write(t, sign(t, i.pair, r, rsa256))
		},

		// Signatures.
		"unsigned": func(t *testing.T, a answer) []byte { return write(t, a.response(a.assertion())) },
		"signed by somebody else": func(t *testing.T, a answer) []byte {
			return write(t, a.response(sign(t, keys()[1], a.assertion(), rsa256)))
		},
		"SHA-1": func(t *testing.T, a answer) []byte {
			return write(t, a.response(sign(t, i.pair, a.assertion(), dsig.RSASHA1SignatureMethod)))
		},
		"SHA-1 around the response": func(t *testing.T, a answer) []byte {
			return write(t, sign(t, i.pair, a.response(a.assertion()), dsig.RSASHA1SignatureMethod))
		},
		"one good signature and one of SHA-1": func(t *testing.T, a answer) []byte {
			return write(t, sign(t, i.pair, a.response(sign(t, i.pair, a.assertion(), dsig.RSASHA1SignatureMethod)), rsa256))
		},
		"changed after it was signed":  func(t *testing.T, a answer) []byte { return write(t, evil(ofAssertion(t, a), "")) },
		"changed in a signed response": func(t *testing.T, a answer) []byte { return write(t, evil(ofResponse(t, a), "")) },
		"a signature of nothing": func(t *testing.T, a answer) []byte {
			return bytes.Replace(write(t, ofAssertion(t, a)), []byte(`URI="#`+a.ID+`"`), []byte(`URI=""`), 1)
		},

		// What the profile asks for.
		"unsolicited":              change(func(a *answer) { a.InResponseTo, a.Confirms = "", "" }),
		"of another request":       change(func(a *answer) { a.InResponseTo, a.Confirms = "id-other", "id-other" }),
		"confirmed for another":    change(func(a *answer) { a.Confirms = "id-other" }),
		"confirmed for nobody":     change(func(a *answer) { a.Confirms = "" }),
		"another issuer":           change(func(a *answer) { a.Issuer = "https://other.example/metadata" }),
		"another audience":         change(func(a *answer) { a.Audience = "https://other.example/" }),
		"no audience":              change(func(a *answer) { a.Audience = "" }),
		"another recipient":        change(func(a *answer) { a.Recipient = "https://other.example/acs" }),
		"another destination":      change(func(a *answer) { a.Destination = "https://other.example/acs" }),
		"no bearer":                change(func(a *answer) { a.Method = "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches" }),
		"a failure":                change(func(a *answer) { a.Status = "urn:oasis:names:tc:SAML:2.0:status:Responder" }),
		"expired":                  change(func(a *answer) { a.NotOnOrAfter = minutes(-1) }),
		"expired confirmation":     change(func(a *answer) { a.Confirmed = minutes(-1) }),
		"confirmed without an end": change(func(a *answer) { a.Confirmed = time.Time{} }),
		"of tomorrow":              change(func(a *answer) { a.NotBefore = minutes(2) }),
		"issued long ago":          change(func(a *answer) { a.Issued = minutes(-10) }),
		"issued tomorrow":          change(func(a *answer) { a.Issued = minutes(24 * 60) }),
		"of a session that ended":  change(func(a *answer) { a.SessionEnds = minutes(-2) }),
		"proved by nothing":        change(func(a *answer) { a.Unproved = true }),
		"signed without a destination": func(t *testing.T, a answer) []byte {
			a.Destination = ""
			return write(t, ofResponse(t, a))
		},

		// XML.
		"a comment in an attribute": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			value := good.FindElement(".//AttributeValue")
			text := value.Text()
			value.SetText(text[:len(text)-2])
			value.AddChild(etree.NewComment("cut"))
			value.CreateText(text[len(text)-2:])
			return write(t, good)
		},
		"a comment in the name": func(t *testing.T, a answer) []byte {
			good := ofAssertion(t, a)
			name := good.FindElement(".//NameID")
			name.SetText("some")
			name.AddChild(etree.NewComment("cut"))
			name.CreateText("body")
			return write(t, good)
		},
		"a processing instruction": func(t *testing.T, a answer) []byte {
			return append([]byte(`<?xml-stylesheet href="https://other.example/"?>`), write(t, ofAssertion(t, a))...)
		},
		"a document type": func(t *testing.T, a answer) []byte {
			return append([]byte(`<!DOCTYPE r SYSTEM "https://other.example/r.dtd">`), write(t, ofAssertion(t, a))...)
		},
		"entities that grow": func(t *testing.T, a answer) []byte {
			laughs := `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
			return append([]byte(laughs), bytes.Replace(write(t, ofAssertion(t, a)), []byte(">somebody<"), []byte(">&c;<"), 1)...)
		},
		"another charset": func(t *testing.T, a answer) []byte {
			return append([]byte(`<?xml version="1.0" encoding="UTF-7"?>`), write(t, ofAssertion(t, a))...)
		},
		"two roots": func(t *testing.T, a answer) []byte {
			text := write(t, ofAssertion(t, a))
			return append(text, text...)
		},
		"no response": func(t *testing.T, a answer) []byte { return write(t, sign(t, i.pair, a.assertion(), rsa256)) },
		"deep":        func(*testing.T, answer) []byte { return []byte(strings.Repeat("<a>", 5000)) },
		"cut short": func(t *testing.T, a answer) []byte {
			text := write(t, ofAssertion(t, a))
			return text[:len(text)-10]
		},
		"deflated": func(t *testing.T, a answer) []byte { return deflated(t, write(t, ofAssertion(t, a))) },
		"a bomb":   func(t *testing.T, _ answer) []byte { return deflated(t, make([]byte, 100<<20)) },
		"nothing":  func(*testing.T, answer) []byte { return nil },
	} {
		t.Run(what, func(t *testing.T) {
			request, relay, errand := s.leave("educonnect")
			document := forge(t, s.says(i, request, said))
			s.post(answered(document, relay)).Wants(http.StatusForbidden, "n’a pas pu être vérifiée")
			s.get("/login/who", errand).Wants(http.StatusForbidden)
			s.nothing(what)
		})
	}

	// What is around the answer.
	request, relay, _ := s.leave("educonnect")
	good := s.says(i, request, said).signed(t, i)
	for what, form := range map[string]url.Values{
		"another relay state": answered(good, "AAAAAAAAAAAAAAAAAAAAAAAAAA"),
		"no relay state":      {"SAMLResponse": answered(good, "")["SAMLResponse"]},
		"an address as relay": answered(good, "https://other.example/"),
	} {
		s.post(form).Wants(http.StatusForbidden)
		s.nothing(what)
	}
	twice := answered(good, relay)
	twice["SAMLResponse"] = append(twice["SAMLResponse"], twice["SAMLResponse"][0])
	s.post(twice).Wants(http.StatusForbidden)
	s.post(url.Values{"SAMLResponse": {strings.Repeat("A", 200<<10)}, "RelayState": {relay}}).Wants(http.StatusRequestEntityTooLarge)
	s.nothing("a large form")

	// The controls: the same answers, as the provider signs them, are taken.
	for what, whole := range map[string]func(*testing.T, answer) *etree.Element{"of the assertion": ofAssertion, "of the response": ofResponse} {
		request, relay, errand := s.leave("educonnect")
		s.post(answered(write(t, whole(t, s.says(i, request, said))), relay)).Wants(http.StatusSeeOther)
		if cookie(s.get("/login/who", errand), "preau") == nil {
			t.Errorf("a signature %s is not taken", what)
		}
	}
	// Clocks may differ by a minute, either way.
	for what, f := range map[string]func(*answer){
		"late": func(a *answer) {
			a.NotOnOrAfter, a.Confirmed = s.DB.Now().Add(-50*time.Second), s.DB.Now().Add(-50*time.Second)
		},
		"early": func(a *answer) { a.NotBefore = s.DB.Now().Add(50 * time.Second) },
	} {
		request, relay, _ := s.leave("educonnect")
		if reply := s.post(answered(change(f)(t, s.says(i, request, said)), relay)); reply.StatusCode != http.StatusSeeOther {
			t.Errorf("%s by less than a minute: %d", what, reply.StatusCode)
		}
	}
}

// A class of proof that a declaration names is required of the answer: whoever
// carries the request may have taken it out.
func TestRequiredProof(t *testing.T) {
	const token = classes + "TimeSyncToken"
	s, i := onSQLite(t), newIDP()
	_, mine := s.guardian(0)
	said := map[string][]string{"FrEduCtRefId": {mine}}
	for _, c := range []struct{ asked, answered string }{
		{token, classes + "PasswordProtectedTransport"}, {token, classes + "unspecified"}, {token, ""}, {token, token + "s"},
	} {
		p := byKey
		p.Context = c.asked
		if err := s.declare(p, i.metadata("")); err != nil {
			t.Fatal(err)
		}
		request, relay, _ := s.leave("educonnect")
		a := s.says(i, request, said)
		a.Class = c.answered
		s.post(answered(a.signed(t, i), relay)).Wants(http.StatusForbidden, "n’a pas pu être vérifiée")
		s.nothing(c.answered)
	}
	for _, c := range []struct{ asked, answered string }{
		{token, token}, {"", token}, {"", classes + "unspecified"}, {"", ""}, {"any", classes + "unspecified"},
	} {
		p := byKey
		p.Context = c.asked
		if err := s.declare(p, i.metadata("")); err != nil {
			t.Fatal(err)
		}
		request, relay, _ := s.leave("educonnect")
		a := s.says(i, request, said)
		a.Class = c.answered
		if reply := s.post(answered(a.signed(t, i), relay)); reply.StatusCode != http.StatusSeeOther {
			t.Errorf("%q asked for, %q answered: %d", c.asked, c.answered, reply.StatusCode)
		}
	}
}

func deflated(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()[:min(b.Len(), base64.StdEncoding.DecodedLen(120<<10))]
}
