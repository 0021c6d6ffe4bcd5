package federation

import (
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/crewjam/saml"
	dsig "github.com/russellhaering/goxmldsig"

	"preau/core/db"
	"preau/core/web"
)

// The addresses of the service provider.
const (
	metadataPath = "/login/saml/metadata"
	acsPath      = "/login/saml/acs"
)

// passwordTransport is the class of authentication asked for unless the
// declaration says otherwise (SAML AuthnContext §3.4.2), and anyContext what it
// says to ask for none.
const (
	passwordTransport = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
	anyContext        = "any"
)

// bearer is the confirmation of the browser's profile (SAML Profiles §3.3).
const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"

// us is the service provider, at an instant, before a provider is known.
func us(r *web.Request, keys pair, now time.Time) (*saml.ServiceProvider, error) {
	self, err := url.Parse(r.Absolute(metadataPath))
	if err != nil {
		return nil, err
	}
	acs, err := url.Parse(r.Absolute(acsPath))
	if err != nil {
		return nil, err
	}
	return &saml.ServiceProvider{
		EntityID: self.String(), MetadataURL: *self, AcsURL: *acs,
		Key: keys.key, Certificate: keys.certificate, SignatureMethod: dsig.RSASHA256SignatureMethod,
		AuthnNameIDFormat:                saml.TransientNameIDFormat,
		AssertionConsumerServiceBindings: []string{saml.HTTPPostBinding},
		MetadataOmitValidUntil:           true,
		LimitRelayStateLength:            true,
		RejectUnknownConditions:          true,
		RejectExpiredIDPMetadata:         true,
		RejectSHA1Signatures:             true,
		Clock:                            dsig.NewFakeClockAt(now), // the clock of the house
	}, nil
}

// partner is the service provider before one identity provider.
func (s *Service) partner(r *web.Request, p Provider) (*saml.ServiceProvider, error) {
	keys, err := s.pair(r.Context())
	if err != nil {
		return nil, err
	}
	sp, err := us(r, keys, s.DB.Now())
	if err != nil {
		return nil, err
	}
	if sp.IDPMetadata, err = p.entity(); err != nil {
		return nil, err
	}
	if p.Context != anyContext {
		sp.RequestedAuthnContext = &saml.RequestedAuthnContext{Comparison: "exact", AuthnContextClassRefs: []string{cmp.Or(p.Context, passwordTransport)}}
	}
	return sp, nil
}

// metadata publishes who we are (SAML Metadata §2.4.4): one place where answers
// are posted, signed assertions wanted, and the attributes that we read. No key
// is offered for encryption, as no encrypted assertion is taken.
func (s *Service) metadata(r *web.Request) (web.Answer, error) {
	keys, err := s.pair(r.Context())
	if err != nil {
		return nil, err
	}
	sp, err := us(r, keys, s.DB.Now())
	if err != nil {
		return nil, err
	}
	entity := sp.Metadata()
	role := &entity.SPSSODescriptors[0]
	role.KeyDescriptors = slices.DeleteFunc(role.KeyDescriptors, func(k saml.KeyDescriptor) bool { return k.Use != "signing" })
	service := saml.AttributeConsumingService{Index: 1, ServiceNames: []saml.LocalizedName{{Lang: "fr", Value: "Préau"}}}
	for _, name := range []string{attributeKey, attributeVector, attributeBack, "mail", "ctemail"} {
		service.RequestedAttributes = append(service.RequestedAttributes, saml.RequestedAttribute{Attribute: saml.Attribute{
			Name: name, FriendlyName: name, NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
		}})
	}
	role.AttributeConsumingServices = []saml.AttributeConsumingService{service}
	text, err := xml.Marshal(entity)
	if err != nil {
		return nil, err
	}
	return web.Text{Body: xml.Header + string(text) + "\n"}, nil
}

// leaveSAML sends the browser to the provider with a signed request
// (SAML Profiles §4.1.4.1; SAML Bindings §3.4.4.1: DEFLATE, RSA-SHA256).
func (s *Service) leaveSAML(r *web.Request) (web.Answer, error) {
	p, err := s.asked(r, SAML)
	if err != nil {
		return nil, err
	}
	sp, err := s.partner(r, p)
	if err != nil {
		return nil, err
	}
	request, err := sp.MakeAuthenticationRequest(location(sp.IDPMetadata), saml.HTTPRedirectBinding, saml.HTTPPostBinding)
	if err != nil {
		return nil, err
	}
	request.AttributeConsumingServiceIndex = "1"
	relay := secret()
	to, err := request.Redirect(relay, sp)
	if err != nil {
		return nil, err
	}
	return s.leave(r, relay, errand{Provider: p.Name, Request: request.ID}, to.String())
}

// acs takes the answer that a provider had the browser post (SAML Bindings
// §3.5.5). It comes from another site, without a cookie: the RelayState finds
// the try, once; the browser keeps that it brought the answer, and is asked
// afterwards whether it is the one that left.
func (s *Service) acs(r *web.Request) (web.Answer, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err // too large, or cut: the body says why
	}
	var e errand
	var p Provider
	err := s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
		if e, err = s.take(tx, r.PostFormValue("RelayState")); err != nil {
			return err
		}
		p, err = voucher(tx, e.Provider)
		return err
	})
	if err != nil {
		return nil, err
	}
	document, err := decode(r.PostForm["SAMLResponse"])
	if err != nil {
		return nil, refused("an answer of %s: %w", p.Name, err)
	}
	sp, err := s.partner(r, p)
	if err != nil {
		return nil, refused("what %s published: %w", p.Name, err)
	}
	assertion, err := verify(sp, document, e.Request, s.DB.Now())
	if err == nil {
		err = p.proved(assertion)
	}
	if err != nil {
		return nil, refused("an answer of %s: %w", p.Name, err)
	}
	said := attributesOf(assertion)
	return s.vouched(r, p, e, said, wayBack(sp.IDPMetadata, said[attributeBack]), func(tx *db.Tx) error {
		return see(tx, assertion.Issuer.Value, assertion.ID, tx.Now.Add(seenLife))
	})
}

// decode reads the only SAMLResponse of a form (SAML Bindings §3.5.4: base64,
// nothing else: what is deflated does not come by HTTP-POST).
func decode(values []string) ([]byte, error) {
	if len(values) != 1 {
		return nil, errors.New("not one SAMLResponse")
	}
	document, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "", " ", "").Replace(values[0]))
	if err == nil && len(document) > maxMessage {
		err = errors.New("a message that is too large")
	}
	return document, err
}

// verify gives the assertion of an answer to our request, as its signature
// covers it, or says what is wrong with it. The shape is checked before
// anything is believed, the library then checks the signature and reads only
// what it covers, and what the profile asks of the assertion is checked again.
func verify(sp *saml.ServiceProvider, document []byte, request string, now time.Time) (*saml.Assertion, error) {
	root, err := wellShaped(document)
	if err != nil {
		return nil, err
	}
	// SAML Bindings §3.5.5.2: a signed message says where it goes; one that is
	// not may, and is then held to it.
	if at := root.attr("Destination"); at != sp.AcsURL.String() && (at != "" || len(signatureOf(root)) > 0) {
		return nil, errors.New("another destination")
	}
	if root.attr("InResponseTo") != request { // SAML Profiles §4.1.4.3
		return nil, errors.New("an answer to another request")
	}
	assertion, err := sp.ParseXMLResponse(document, []string{request}, sp.AcsURL)
	if err != nil {
		var invalid *saml.InvalidResponseError
		if errors.As(err, &invalid) { // whose own words tell nothing
			err = invalid.PrivateErr
		}
		return nil, err
	}
	return assertion, expected(sp, assertion, request, now)
}

// signatureOf lists the signatures that are children of an element.
func signatureOf(e *element) (list []*element) {
	for _, child := range e.children {
		if child.is(nsSignature, "Signature") {
			list = append(list, child)
		}
	}
	return list
}

// expected checks an assertion whose signature holds as SAML Profiles §4.1.4.3
// and SAML Core §2.5 ask, with clocks that differ by [skew] at most: the
// library allows three times as much.
func expected(sp *saml.ServiceProvider, a *saml.Assertion, request string, now time.Time) error {
	switch {
	case a.ID == "" || a.Issuer.Value != sp.IDPMetadata.EntityID:
		return errors.New("another issuer, or no identifier")
	case a.Conditions == nil || len(a.Conditions.AudienceRestrictions) == 0:
		return errors.New("an assertion for anybody") // SAML Profiles §4.1.4.2
	case !within(now, a.Conditions.NotBefore, a.Conditions.NotOnOrAfter): // SAML Core §2.5.1.2
		return errors.New("an assertion before its time, or after it")
	case a.Subject == nil || len(a.Subject.SubjectConfirmations) != 1 || a.Subject.SubjectConfirmations[0].Method != bearer:
		return errors.New("not one bearer")
	}
	for i := range a.Conditions.AudienceRestrictions { // SAML Core §2.5.1.4: each of them
		if !slices.ContainsFunc(a.Conditions.AudienceRestrictions[i].AllAudiences(), func(one saml.Audience) bool { return one.Value == sp.EntityID }) {
			return errors.New("another audience")
		}
	}
	data := a.Subject.SubjectConfirmations[0].SubjectConfirmationData
	switch {
	case data == nil || data.Recipient != sp.AcsURL.String():
		return errors.New("another recipient")
	case data.InResponseTo != request:
		return errors.New("an assertion for another request")
	case data.NotOnOrAfter.IsZero() || !within(now, data.NotBefore, data.NotOnOrAfter):
		return errors.New("a confirmation before its time, or after it")
	}
	for _, one := range a.AuthnStatements {
		if one.SessionNotOnOrAfter != nil && !within(now, time.Time{}, *one.SessionNotOnOrAfter) {
			return errors.New("a session that is over")
		}
	}
	return nil
}

// proved checks how somebody proved to the provider who they are. The class that a
// declaration names is required, whatever became of the request on its way: the
// browser carries it, and a provider that takes requests unsigned takes one that
// asks for less. The one that is asked for without a name is wished only: providers
// answer it with their own.
func (p Provider) proved(a *saml.Assertion) error {
	if len(a.AuthnStatements) == 0 { // SAML Profiles §4.1.4.2
		return errors.New("an assertion that says nothing of a proof")
	}
	if p.Context == "" || p.Context == anyContext {
		return nil
	}
	for _, one := range a.AuthnStatements { // SAML Core §3.3.2.2.1: exactly it
		if class := one.AuthnContext.AuthnContextClassRef; class == nil || class.Value != p.Context {
			return errors.New("a proof of another class than the one required")
		}
	}
	return nil
}

// within tells whether an instant is in a period, either end of which may not
// be said, give or take what clocks differ by.
func within(now, from, until time.Time) bool {
	return !now.Add(skew).Before(from) && (until.IsZero() || now.Add(-skew).Before(until))
}

// attributesOf gathers what an assertion says, by the name of each attribute
// and by its friendly name: providers differ in which one they fill.
func attributesOf(a *saml.Assertion) statements {
	said := statements{}
	for _, statement := range a.AttributeStatements {
		for _, attribute := range statement.Attributes {
			for _, value := range attribute.Values {
				for _, name := range slices.Compact([]string{attribute.Name, attribute.FriendlyName}) {
					if text := strings.TrimSpace(value.Value); text != "" && len(text) <= maxValue && len(said[name]) < maxValues {
						said[name] = append(said[name], text)
					}
				}
			}
		}
	}
	return said
}

// wayBack is where one signs out of a provider, as FrEduUrlRetour says: within
// a host of the provider's own, over https, or nowhere.
func wayBack(entity *saml.EntityDescriptor, values []string) string {
	if len(values) != 1 || !safe(values[0]) {
		return ""
	}
	back, err := url.Parse(values[0])
	if err != nil {
		return ""
	}
	role := entity.IDPSSODescriptors[0]
	for _, endpoint := range slices.Concat(role.SingleSignOnServices, role.SingleLogoutServices) {
		own, err := url.Parse(endpoint.Location)
		if err == nil && own.Host == back.Host && own.Scheme == back.Scheme {
			return back.String()
		}
	}
	return ""
}
