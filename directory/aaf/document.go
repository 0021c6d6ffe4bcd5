package aaf

import "github.com/orisano/gosax"

// document reads a whole file: prolog, root element, and nothing after.
func (p *parser) document() error {
	root, err := p.prolog()
	if err != nil {
		return err
	}
	for root.form == opening {
		t, err := p.next()
		if err != nil {
			return err
		}
		if t.element == rootElement && t.form == closing {
			break
		}
		switch t.element {
		case addRequest, modifyRequest, deleteRequest:
			if t.form != closing {
				p.number++
				if err := p.request(t); err != nil {
					return err
				}
				continue
			}
		}
		return p.unexpected(t, "a request or </ficAlimMENESR>")
	}
	p.ended = true
	return p.epilog()
}

// prolog reads up to the start tag of the root.
func (p *parser) prolog() (tag, error) {
	for declared := false; ; {
		e, err := p.event()
		if err != nil {
			return tag{}, err
		}
		switch e.Type() {
		case gosax.EventStart:
			t, err := p.tag(e.Bytes)
			if err == nil && t.element != rootElement {
				err = p.unexpected(t, "<ficAlimMENESR>")
			}
			return t, err
		case gosax.EventDocType:
			if declared {
				return tag{}, p.refuse(Malformed, "a DOCTYPE is allowed once, before the root element")
			}
			declared = true
			err = p.doctype(e.Bytes)
		default:
			err = p.between(e)
		}
		if err != nil {
			return tag{}, err
		}
	}
}

// epilog reads what follows the root, to the end of the file: an archive
// verifies its checksum there.
func (p *parser) epilog() error {
	for {
		e, err := p.event()
		if err != nil || e.Type() == gosax.EventEOF {
			return err
		}
		if err := p.between(e); err != nil {
			return err
		}
	}
}

// between accepts what may stand around the root element.
func (p *parser) between(e gosax.Event) error {
	switch e.Type() {
	case gosax.EventText:
		return p.blank(e.Bytes)
	case gosax.EventComment:
		return p.comment(e.Bytes)
	case gosax.EventProcessingInstruction:
		return p.instruction(e.Bytes)
	case gosax.EventEnd:
		return p.refuse(MismatchedTag, "an end tag stands outside of the root element")
	}
	return p.refuse(UnexpectedElement, "something else than comments stands outside of the root element")
}
