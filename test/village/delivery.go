package village

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// A file holds at most so many records, and about so many bytes.
const (
	recordsPerFile = 5_000
	bytesPerFile   = 10 << 20
)

// request is what a delivery asks of a record.
type request int

const (
	add request = iota
	modify
	remove
)

// delivery writes the files of one delivery. They bear their names only when
// all are whole: [delivery.publish] renames them.
type delivery struct {
	dir    string
	prefix string // "ENTDEMO_ORVALMONT_Complet_20260901"
	header string
	open   map[category]*file
	done   []string // paths of the whole files, without the draft suffix
	bytes  int64
}

// file is a file being written.
type file struct {
	path    string
	chunk   int
	os      *os.File
	out     *bufio.Writer
	records int
	bytes   int64
	line    []byte // the record being written
}

// draftSuffix ends the names of files that are not yet whole.
const draftSuffix = ".part"

// newDelivery prepares a folder, which must hold no XML file.
func newDelivery(dir, prefix, header string) (*delivery, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of the delivery: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the folder of the delivery: %w", err)
	}
	for _, entry := range entries {
		if strings.EqualFold(filepath.Ext(entry.Name()), ".xml") {
			return nil, fmt.Errorf("%w: %s", ErrOccupied, filepath.Join(dir, entry.Name()))
		}
	}
	return &delivery{dir: dir, prefix: prefix, header: header, open: map[category]*file{}}, nil
}

// ErrOccupied refuses a folder that already holds a delivery.
var ErrOccupied = errors.New("the folder already holds XML files")

// write writes a record at the end of the files of its category.
func (d *delivery) write(what request, r record) error {
	f := d.open[r.category]
	if f != nil && (f.records == recordsPerFile || f.bytes >= bytesPerFile) {
		if err := d.close(f); err != nil {
			return err
		}
		f.chunk++
		if err := d.start(f, r.category); err != nil {
			return err
		}
	}
	if f == nil {
		f = &file{}
		d.open[r.category] = f
		if err := d.start(f, r.category); err != nil {
			return err
		}
	}
	f.line = appendRequest(f.line[:0], what, r)
	f.records++
	return f.flush()
}

func (d *delivery) start(f *file, c category) error {
	f.path = filepath.Join(d.dir, fmt.Sprintf("%s_%s_%04d.xml", d.prefix, c, f.chunk))
	draft, err := os.Create(f.path + draftSuffix)
	if err != nil {
		return fmt.Errorf("starting a file of the delivery: %w", err)
	}
	f.os, f.out = draft, bufio.NewWriterSize(draft, 1<<18)
	f.records, f.bytes = 0, 0
	f.line = append(f.line[:0], d.header...)
	return f.flush()
}

// flush hands the line over to the file.
func (f *file) flush() error {
	f.bytes += int64(len(f.line))
	if _, err := f.out.Write(f.line); err != nil {
		return fmt.Errorf("writing %s: %w", f.path, err)
	}
	return nil
}

func (d *delivery) close(f *file) error {
	f.line = append(f.line[:0], "</ficAlimMENESR>\n"...)
	if err := f.flush(); err != nil {
		return err
	}
	if err := errors.Join(f.out.Flush(), f.os.Close()); err != nil {
		return fmt.Errorf("closing %s: %w", f.path, err)
	}
	f.os = nil
	d.done = append(d.done, f.path)
	d.bytes += f.bytes
	return nil
}

// publish closes the last files and gives all of them their names.
func (d *delivery) publish() error {
	for _, c := range categories {
		if f := d.open[c]; f != nil {
			if err := d.close(f); err != nil {
				return err
			}
		}
	}
	for _, path := range d.done {
		if err := os.Rename(path+draftSuffix, path); err != nil {
			return fmt.Errorf("naming a file of the delivery: %w", err)
		}
	}
	return nil
}

// abandon removes what a delivery that failed has written.
func (d *delivery) abandon() {
	for _, f := range d.open {
		if f.os != nil {
			f.os.Close()
			os.Remove(f.path + draftSuffix)
		}
	}
	for _, path := range d.done {
		os.Remove(path + draftSuffix)
	}
}

// appendRequest writes a request in the grammar of the DTD ficAlimMENESR.
func appendRequest(b []byte, what request, r record) []byte {
	verb := [...]string{add: "addRequest", modify: "modifyRequest", remove: "deleteRequest"}[what]
	b = append(b, "\n<"...)
	b = append(b, verb...)
	b = append(b, ">\n<operationalAttributes><attr name=\""...)
	b = append(b, r.category.kindAttr()...)
	b = append(b, "\"><value>"...)
	b = append(b, r.category...)
	b = append(b, "</value></attr></operationalAttributes>\n<identifier><id>"...)
	b = append(b, r.id...)
	b = append(b, "</id></identifier>\n"...)
	switch what {
	case add:
		b = append(b, "<attributes>\n"...)
		for i, a := range r.attrs {
			b = append(b, "<attr name=\""...)
			b = append(b, a.name...)
			b = append(b, "\">"...)
			b = appendValues(b, a.values, empties[i%len(empties)])
			b = append(b, "</attr>\n"...)
		}
		b = append(b, "</attributes>\n"...)
	case modify:
		b = append(b, "<modifications>\n"...)
		for i, a := range r.attrs {
			b = append(b, "<modification name=\""...)
			b = append(b, a.name...)
			b = append(b, "\" operation=\"replace\">"...)
			b = appendValues(b, a.values, empties[i%len(empties)])
			b = append(b, "</modification>\n"...)
		}
		b = append(b, "</modifications>\n"...)
	}
	b = append(b, "</"...)
	b = append(b, verb...)
	return append(b, ">\n"...)
}

// empties are the two ways of an empty value: both occur in one file.
var empties = [...]string{"<value/>", "<value/>", "<value></value>"}

func appendValues(b []byte, values []string, empty string) []byte {
	for _, v := range values {
		if v == "" {
			b = append(b, empty...)
			continue
		}
		b = append(b, "<value>"...)
		b = appendText(b, v)
		b = append(b, "</value>"...)
	}
	return b
}

// appendText writes text in ASCII: the five entities of XML, and numeric
// references for the rest.
func appendText(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			b = append(b, "&#"...)
			b = append(b, itoa(int64(r))...)
			b = append(b, ';')
			i += size
			continue
		}
		switch c {
		case '&':
			b = append(b, "&amp;"...)
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		case '\'':
			b = append(b, "&apos;"...)
		case '"':
			b = append(b, "&quot;"...)
		default:
			b = append(b, c)
		}
		i++
	}
	return b
}
