package aaf

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/orisano/gosax"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"
)

// oracle is a file as encoding/xml reads it.
type oracle struct {
	XMLName  xml.Name        `xml:"ficAlimMENESR"`
	Requests []oracleRequest `xml:",any"`
}

type oracleRequest struct {
	XMLName       xml.Name
	ID            string            `xml:"identifier>id"`
	Attributes    []oracleAttribute `xml:"attributes>attr"`
	Modifications []oracleAttribute `xml:"modifications>modification"`
}

type oracleAttribute struct {
	Name   string   `xml:"name,attr"`
	Values []string `xml:"value"`
}

func askOracle(r io.Reader) (o oracle, err error) {
	d := xml.NewDecoder(r)
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(name string, r io.Reader) (io.Reader, error) {
		switch strings.ToUpper(name) {
		case "US-ASCII":
			return r, nil
		case "ISO-8859-1":
			return charmap.ISO8859_1.NewDecoder().Reader(r), nil
		case "ISO-8859-15":
			return charmap.ISO8859_15.NewDecoder().Reader(r), nil
		}
		return nil, fmt.Errorf("encoding %q", name)
	}
	if err := d.Decode(&o); err != nil {
		return o, err
	}
	for {
		switch t, err := d.Token(); t.(type) {
		case nil:
			if errors.Is(err, io.EOF) {
				return o, nil
			}
			return o, err
		case xml.StartElement:
			return o, errors.New("a second root")
		}
	}
}

// values are those of an attribute, trimmed, each once, without empty ones.
func (r *oracleRequest) values(attribute string) (values []string) {
	for _, a := range append(slices.Clone(r.Attributes), r.Modifications...) {
		for _, v := range a.Values {
			if v = strings.TrimSpace(v); a.Name == attribute && v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
	}
	return values
}

// agree compares what was read of pupils with what the oracle says.
func agree(t interface {
	Helper()
	Fatalf(string, ...any)
}, records []Record, total int, o oracle) {
	t.Helper()
	if total != len(o.Requests) {
		t.Fatalf("%d records, encoding/xml reads %d", total, len(o.Requests))
	}
	for _, r := range records {
		said := &o.Requests[r.Number-1]
		if op := operations[elementOf([]byte(said.XMLName.Local))]; op != r.Op {
			t.Fatalf("record %d: %v, encoding/xml reads %v", r.Number, r.Op, op)
		}
		if id := strings.TrimSpace(said.ID); strings.TrimLeft(id, "0") != fmt.Sprint(r.Key) {
			t.Fatalf("record %d: key %d, encoding/xml reads %q", r.Number, r.Key, id)
		}
		if r.Op == Delete {
			continue
		}
		if want := said.values("ENTPersonAutresPrenoms"); !slices.Equal(r.Pupil.Others, want) {
			t.Fatalf("record %d: %q, encoding/xml reads %q", r.Number, r.Pupil.Others, want)
		}
		if want := said.values(firstName); r.Op == Add && len(want) > 0 && r.Pupil.First != want[0] {
			t.Fatalf("record %d: %q, encoding/xml reads %q", r.Number, r.Pupil.First, want)
		}
	}
}

// drawText draws the XML of a text, in every form that is allowed.
func drawText(t *rapid.T) string {
	piece := rapid.OneOf(
		rapid.StringMatching(`[A-Za-z '$.-]{0,12}`),
		rapid.StringMatching(`[éèàçïœ€😀]{1,4}`),
		rapid.SampledFrom([]string{"&amp;", "&lt;", "&gt;", "&apos;", "&quot;", "&eacute;", "&oelig;", "&hearts;", "&nbsp;", "&#233;", "&#xe9;", "&#x1F600;", "&#10;"}),
		rapid.SampledFrom([]string{"<!-- note -->", "<![CDATA[<&>]]>", "<![CDATA[]]>", "<?pi data?>", "\r\n", "\n", "\t", "\r", "].", "]].", ">"}),
	)
	return strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "")
}

// drawFile draws a file of pupils.
func drawFile(t *rapid.T) string {
	spaced := func() string {
		return rapid.SampledFrom([]string{"", "\n", " ", "\r\n\t", "<!-- x -->", "<?x?>"}).Draw(t, "space")
	}
	var b strings.Builder
	b.WriteString(rapid.SampledFrom([]string{"", head, "\uFEFF", head + "<!-- degre=\"1D\" -->"}).Draw(t, "head"))
	b.WriteString("<ficAlimMENESR>")
	for i := range rapid.IntRange(0, 4).Draw(t, "records") {
		op := rapid.SampledFrom([]string{"add", "modify", "delete"}).Draw(t, "op")
		fmt.Fprintf(&b, `%s<%sRequest>%s<operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>`, spaced(), op, spaced())
		fmt.Fprintf(&b, `<identifier>%s<id>%d</id></identifier>`, spaced(), 1000+i)
		if op != "delete" {
			outer, inner, more := "attributes", "attr", ""
			if op == "modify" {
				outer, inner, more = "modifications", "modification", ` operation="replace"`
			}
			fmt.Fprintf(&b, "<%s>", outer)
			fmt.Fprintf(&b, `<%s name="ENTPersonNom"%s><value>X</value></%[1]s>`, inner, more)
			for range rapid.IntRange(1, 5).Draw(t, "attributes") {
				name := rapid.SampledFrom([]string{firstName, "ENTPersonAutresPrenoms", "ENTEleveDoudou"}).Draw(t, "name")
				fmt.Fprintf(&b, `%s<%s name="%s"%s>`, spaced(), inner, name, more)
				for range rapid.IntRange(0, 3).Draw(t, "values") {
					if text := drawText(t); text == "" && rapid.Bool().Draw(t, "short") {
						b.WriteString("<value/>")
					} else {
						b.WriteString("<value>" + text + "</value>" + spaced())
					}
				}
				fmt.Fprintf(&b, "</%s>", inner)
			}
			fmt.Fprintf(&b, "</%s>%s", outer, spaced())
		}
		fmt.Fprintf(&b, "</%sRequest>", op)
	}
	b.WriteString(spaced() + "</ficAlimMENESR>" + spaced())
	return b.String()
}

// TestOracle reads generated files as encoding/xml does, whatever the pieces
// they come in.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawFile(t)
		var records []Record
		p := newParser(func(full parcel) error { records = append(records, full.records...); return nil })
		p.sax = gosax.NewReaderBuf(&p.in, make([]byte, 0, rapid.IntRange(1024, 2048).Draw(t, "buffer")))
		reading, err := p.parse(context.Background(), pupilFile, &pieces{text: text, size: rapid.IntRange(1, 100).Draw(t, "size")})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		o, err := askOracle(strings.NewReader(text))
		if err != nil {
			t.Fatalf("encoding/xml: %v\n%s", err, text)
		}
		agree(t, records, reading.Total(), o)
	})
}

// pieces reads a text a few bytes at a time, and sometimes none.
type pieces struct {
	text string
	size int
	turn int
}

func (p *pieces) Read(b []byte) (int, error) {
	if p.turn++; p.turn%3 == 0 {
		return 0, nil
	}
	if p.text == "" {
		return 0, io.EOF
	}
	n := copy(b, p.text[:min(p.size, len(p.text))])
	p.text = p.text[n:]
	return n, nil
}

// FuzzParse wants no panic, and whatever is accepted to be what encoding/xml
// reads.
func FuzzParse(f *testing.F) {
	paths, err := filepath.Glob("testdata/*/*.xml")
	if err != nil || len(paths) == 0 {
		f.Fatal(paths, err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(document(`<attr name="ENTPersonNom"><value>A</value></attr><attr name="ENTPersonPrenom"><value><![CDATA[B]]>&eacute;</value></attr>`)))
	f.Add([]byte(`<!DOCTYPE ficAlimMENESR [<!ENTITY a "b">]><ficAlimMENESR/>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		var records []Record
		p := newParser(func(full parcel) error { records = append(records, full.records...); return nil })
		p.sax = gosax.NewReaderBuf(&p.in, make([]byte, 0, 1024)) // small, so that tokens cross its end
		reading, err := p.parse(t.Context(), pupilFile, bytes.NewReader(content))
		if err != nil {
			var refusal *Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		o, err := askOracle(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("encoding/xml: %v", err)
		}
		agree(t, records, reading.Total(), o)
	})
}
