package aaf

import (
	"bytes"
	"context"
	"io"
)

// parser reads files one after the other, by the DTD:
//
//	ficAlimMENESR          (addRequest | modifyRequest | deleteRequest)*
//	addRequest             (operationalAttributes, identifier, attributes)
//	modifyRequest          (operationalAttributes, identifier, modifications)
//	deleteRequest          (operationalAttributes, identifier)
//	operationalAttributes  (attr)
//	identifier             (id)
//	attributes             (attr+)
//	modifications          (modification+)
//	attr, modification     (value+)
//
// but that an attribute without any value passes for one with an empty value.
type parser struct {
	*scanner
	decoder

	reading FileReading
	content []byte       // the values of the record being read
	spans   []span       // where each of them is
	valued  uint64       // the attributes that have some
	order   []*attribute // of the last record: the next one has most often the same
	odd     strangers    // in this file

	records []Record
	emit    func(parcel) error
}

// parcel is what a parser hands over at a time.
type parcel struct {
	records  []Record
	troubles []Trouble
}

// batchSize is the most records, and about the most troubles, of a parcel.
const batchSize = 256

func newParser(emit func(parcel) error) *parser {
	p := &parser{scanner: newScanner(), emit: emit}
	p.scanner.note = p.noteHeader
	p.codes = map[string]Coded{}
	return p
}

// parse reads one file to its end.
func (p *parser) parse(ctx context.Context, file File, r io.Reader) (FileReading, error) {
	rest, line, err := undeclare(file.Name, r)
	if err != nil {
		return FileReading{}, err
	}
	p.start(file.Name, rest, line, ctx.Err)
	p.reading = FileReading{File: file}
	p.table = tableOf(file.Category)
	p.order = p.order[:0]
	p.odd = strangers{table: p.table}
	p.records, p.troubles = nil, nil
	if err := p.document(); err != nil {
		return FileReading{}, err
	}
	p.troubles = append(p.troubles, p.odd.troubles...)
	return p.reading, p.flush()
}

// request reads one record, whose start tag has been read.
func (p *parser) request(t tag) error {
	p.begin(Record{Op: operations[t.element], Category: p.reading.Category, File: p.file, Number: p.number, Line: p.line})
	if t.form == empty {
		return p.refuse(UnexpectedElement, "<%s/> is empty", t.element)
	}
	if err := p.category(); err != nil {
		return err
	}
	id, err := p.identifier()
	if err != nil {
		return err
	}
	known := false
	p.record.Key, known = parseKey(id)
	p.content, p.spans, p.valued = p.content[:0], p.spans[:0], 0
	switch p.record.Op {
	case Add:
		err = p.attributes(attributesElement, attrElement)
	case Modify:
		err = p.attributes(modificationsElement, modificationElement)
	}
	if err == nil {
		err = p.close(t.element)
	}
	if err != nil {
		return err
	}
	switch {
	case known:
	case id == "":
		p.reject(MissingKey, "")
	default:
		p.reject(MalformedKey, "")
	}
	p.deliver()
	return p.flushFull()
}

var operations = map[element]Op{addRequest: Add, modifyRequest: Modify, deleteRequest: Delete}

// deliver decodes the values that were read and counts the record.
func (p *parser) deliver() {
	if !p.rejected && p.record.Op != Delete {
		p.decode(string(p.content), p.spans)
	}
	tally := &p.reading.Tally
	if p.rejected {
		tally.Rejected++
		return
	}
	switch p.record.Op {
	case Add:
		tally.Added++
	case Modify:
		tally.Modified++
	case Delete:
		tally.Deleted++
	}
	if p.records == nil {
		p.records = make([]Record, 0, batchSize)
	}
	p.records = append(p.records, p.record)
}

// category reads operationalAttributes, which repeats what the name of the
// file says.
func (p *parser) category() error {
	if _, err := p.open(operationalAttributes); err != nil {
		return err
	}
	t, err := p.open(attrElement)
	if err != nil {
		return err
	}
	want := "categoriePersonne"
	if p.reading.Category == Structures {
		want = "categorieStructure"
	}
	named := string(t.name) == want
	value, err := p.open(valueElement)
	if err != nil {
		return err
	}
	text, err := p.text(p.content[:0], value)
	if err != nil {
		return err
	}
	if !named || string(bytes.TrimSpace(text)) != string(p.reading.Category) {
		return p.refuse(WrongCategory, "the record is not of the category %s that the name of the file announces", p.reading.Category)
	}
	if err := p.close(attrElement); err != nil {
		return err
	}
	return p.close(operationalAttributes)
}

// identifier reads the key of the record.
func (p *parser) identifier() (string, error) {
	if _, err := p.open(identifier); err != nil {
		return "", err
	}
	t, err := p.open(idElement)
	if err != nil {
		return "", err
	}
	text, err := p.text(p.content[:0], t)
	if err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(text)), p.close(identifier)
}

// attributes reads the attributes of a record: what is in the outer element.
func (p *parser) attributes(outer, inner element) error {
	t, err := p.open(outer)
	if err != nil || t.form == empty {
		return err
	}
	for rank := 0; ; rank++ {
		t, err := p.next()
		switch {
		case err != nil:
			return err
		case t.element == outer && t.form == closing:
			return nil
		case t.element != inner || t.form == closing:
			return p.unexpected(t, "<"+inner.String()+">")
		case rank == maxValues:
			return p.refuse(TooLarge, "the record has more than %d attributes", maxValues)
		}
		a := p.named(rank, t.name)
		p.record.given |= a.bit
		if a.fate == dropped || a.fate == unknown {
			p.odd.meet(a, &p.record)
		}
		if t.form == empty {
			continue
		}
		if err := p.values(inner, a); err != nil {
			return err
		}
	}
}

// values reads the values of an attribute up to its end tag.
func (p *parser) values(inner element, a *attribute) error {
	again := p.valued&a.bit != 0
	for count := 0; ; count++ {
		t, err := p.next()
		switch {
		case err != nil:
			return err
		case t.element == inner && t.form == closing:
			return nil
		case t.element != valueElement || t.form == closing:
			return p.unexpected(t, "<value> or </"+inner.String()+">")
		case count == maxValues || len(p.spans) == maxValues || len(p.content) > maxToken:
			return p.refuse(TooLarge, "the record has more than %d values or %d bytes of them", maxValues, maxToken)
		}
		start := len(p.content)
		if p.content, err = p.text(p.content, t); err != nil {
			return err
		}
		value := unmarked(bytes.TrimSpace(p.content[start:]))
		if a.fate != kept || len(value) == 0 {
			p.content = p.content[:start]
			continue
		}
		p.content = append(p.content[:start], value...)
		p.valued |= a.bit
		p.spans = append(p.spans, span{attribute: a, again: again, start: start, end: len(p.content)})
	}
}

// named finds the attribute of a name.
func (p *parser) named(rank int, name []byte) *attribute {
	if rank < len(p.order) && p.order[rank].name == string(name) {
		return p.order[rank]
	}
	a := p.table.byName[string(name)]
	if a == nil {
		a = p.odd.find(string(name))
	}
	if rank == len(p.order) {
		p.order = append(p.order, a)
	} else {
		p.order[rank] = a
	}
	return a
}

// flushFull hands over what was read when there is enough of it.
func (p *parser) flushFull() error {
	if len(p.records) < batchSize && len(p.troubles) < batchSize {
		return nil
	}
	return p.flush()
}

func (p *parser) flush() error {
	full := parcel{p.records, p.troubles}
	p.records, p.troubles = nil, nil
	if len(full.records) == 0 && len(full.troubles) == 0 {
		return nil
	}
	return p.emit(full)
}
