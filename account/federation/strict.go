package federation

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The namespaces of a response.
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
)

// The only algorithms of a signature: none with SHA-1 (RFC 6194), no
// transform that could leave out or rewrite what is signed.
var (
	signatureMethods = map[string]bool{
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256":   true,
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384":   true,
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512":   true,
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256": true,
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384": true,
		"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512": true,
	}
	digestMethods = map[string]bool{
		"http://www.w3.org/2001/04/xmlenc#sha256":       true,
		"http://www.w3.org/2001/04/xmldsig-more#sha384": true,
		"http://www.w3.org/2001/04/xmlenc#sha512":       true,
	}
	// SAML Core §5.4.3 and §5.4.4: exclusive canonicalization, the enveloped
	// signature, and nothing else.
	canonicalizations = map[string]bool{"http://www.w3.org/2001/10/xml-exc-c14n#": true}
	transforms        = map[string]bool{
		"http://www.w3.org/2000/09/xmldsig#enveloped-signature": true,
		"http://www.w3.org/2001/10/xml-exc-c14n#":               true,
	}
)

// element is an element of a message, with what must be known of its shape.
type element struct {
	xml.Name
	attrs    []xml.Attr
	parent   *element
	children []*element
}

// What a message may hold at most.
const (
	maxDepth    = 30
	maxElements = 2000
)

// tree reads the shape of an XML document that holds nothing but elements and
// text: no document type, and so no entity (SAML Core §1.3 needs none); no
// comment, which parts a text for one reader and not for another; no processing
// instruction but the declaration of XML.
func tree(document []byte) (root *element, err error) {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	var at *element
	for depth, count := 0, 0; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && at == nil && root != nil {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth, count = depth+1, count+1; depth > maxDepth || count > maxElements {
				return nil, errors.New("too many elements")
			}
			if at == nil && root != nil {
				return nil, errors.New("a second root")
			}
			e := &element{Name: t.Name, attrs: t.Copy().Attr, parent: at}
			if at == nil {
				root = e
			} else {
				at.children = append(at.children, e)
			}
			at = e
		case xml.EndElement:
			depth, at = depth-1, at.parent
		case xml.CharData:
			if at == nil && len(bytes.TrimSpace(t)) > 0 {
				return nil, errors.New("a text outside of the root")
			}
		case xml.ProcInst:
			if t.Target != "xml" || root != nil {
				return nil, errors.New("a processing instruction")
			}
		case xml.Comment:
			return nil, errors.New("a comment")
		default:
			return nil, errors.New("a document type")
		}
	}
}

// is tells whether the element has a name.
func (e *element) is(space, local string) bool { return e.Space == space && e.Local == local }

// attr reads an attribute without a namespace.
func (e *element) attr(local string) string {
	for _, a := range e.attrs {
		if a.Name.Space == "" && a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// all calls f for the element and what is in it.
func (e *element) all(f func(*element) error) error {
	if err := f(e); err != nil {
		return err
	}
	for _, child := range e.children {
		if err := child.all(f); err != nil {
			return err
		}
	}
	return nil
}

// in lists the elements of a name within an element.
func (e *element) in(space, local string) (list []*element) {
	_ = e.all(func(one *element) error {
		if one != e && one.is(space, local) {
			list = append(list, one)
		}
		return nil
	})
	return list
}

// wellShaped refuses a response that could mean one thing to whoever checks
// its signature and another to whoever reads it, before either happens: what is
// left has one assertion, where it belongs, covered by a signature that is its
// own child or the response's. Every signature-wrapping attack (Somorovsky and
// others, "On Breaking SAML", 2012) needs a second assertion or response, or a
// signature somewhere else.
func wellShaped(document []byte) (root *element, err error) {
	if root, err = tree(document); err != nil {
		return nil, err
	}
	if !root.is(nsProtocol, "Response") {
		return nil, fmt.Errorf("a %s, no Response", root.Local)
	}
	// SAML Core §3.3.3 lets a response hold several assertions, some of them
	// encrypted; the providers that we know send one.
	if len(root.in(nsAssertion, "EncryptedAssertion")) > 0 {
		return nil, errors.New("an encrypted assertion")
	}
	assertions, responses := root.in(nsAssertion, "Assertion"), root.in(nsProtocol, "Response")
	if len(assertions) != 1 || assertions[0].parent != root || len(responses) > 0 {
		return nil, fmt.Errorf("%d assertions and %d inner responses", len(assertions), len(responses))
	}
	if err := root.uniqueIDs(); err != nil {
		return nil, err
	}
	signatures := root.in(nsSignature, "Signature")
	signed := map[*element]bool{}
	for _, signature := range signatures {
		of := signature.parent
		if of != root && of != assertions[0] || signed[of] {
			return nil, errors.New("a signature that is not the only one of the response or of the assertion")
		}
		signed[of] = true
		if err := signature.signs(of); err != nil {
			return nil, err
		}
	}
	if len(signed) == 0 {
		return nil, errors.New("no signature")
	}
	return root, nil
}

// uniqueIDs refuses two elements with one identifier, by whatever name an
// application may take for one.
func (e *element) uniqueIDs() error {
	known := map[string]bool{}
	return e.all(func(one *element) error {
		for _, a := range one.attrs {
			if strings.EqualFold(a.Name.Local, "id") {
				if a.Value == "" || known[a.Value] {
					return errors.New("an identifier twice, or empty")
				}
				known[a.Value] = true
			}
		}
		return nil
	})
}

// signs checks that a signature covers its parent and nothing else, with
// methods that hold (SAML Core §5.4).
func (e *element) signs(of *element) error {
	references := e.in(nsSignature, "Reference")
	infos := e.in(nsSignature, "SignedInfo")
	switch {
	case len(infos) != 1 || infos[0].parent != e || len(references) != 1 || references[0].parent != infos[0]:
		return errors.New("a signature of several things")
	case of.attr("ID") == "" || references[0].attr("URI") != "#"+of.attr("ID"): // §5.4.2
		return errors.New("a signature of something else than its parent")
	case len(e.in(nsSignature, "Object")) > 0: // §5.4.1
		return errors.New("a signature with an object")
	}
	for _, part := range []struct {
		local string
		known map[string]bool
		most  int
	}{
		{"SignatureMethod", signatureMethods, 1}, {"DigestMethod", digestMethods, 1},
		{"CanonicalizationMethod", canonicalizations, 1}, {"Transform", transforms, 2},
	} {
		found := e.in(nsSignature, part.local)
		if len(found) == 0 || len(found) > part.most {
			return fmt.Errorf("a signature with %d of %s", len(found), part.local)
		}
		for _, one := range found {
			if !part.known[one.attr("Algorithm")] {
				return fmt.Errorf("%s is %.80q", part.local, one.attr("Algorithm"))
			}
		}
	}
	return nil
}
