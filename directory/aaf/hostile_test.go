package aaf

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

const (
	head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">\n"
	foot = "</ficAlimMENESR>\n"
)

// request is a pupil whose attributes are given.
func request(attributes string) string {
	return `<addRequest><operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>` +
		`<identifier><id>1</id></identifier><attributes>` + attributes + `</attributes></addRequest>`
}

func document(attributes string) string {
	return head + "<ficAlimMENESR>" + request(attributes) + foot
}

// parseAll reads a file of pupils given as text.
func parseAll(r io.Reader) (records []Record, troubles []Trouble, err error) {
	p := newParser(func(full parcel) error {
		records = append(records, full.records...)
		troubles = append(troubles, full.troubles...)
		return nil
	})
	_, err = p.parse(context.Background(), pupilFile, r)
	return records, troubles, err
}

// repeat reads a text again and again.
func repeat(text string, times int) io.Reader {
	return &repeater{text: text, left: times}
}

type repeater struct {
	text string
	at   int
	left int
}

func (r *repeater) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if r.left == 0 {
			return n, io.EOF
		}
		copied := copy(p[n:], r.text[r.at:])
		n += copied
		if r.at += copied; r.at == len(r.text) {
			r.at, r.left = 0, r.left-1
		}
	}
	return n, nil
}

// hostileTime is more than a busy machine takes to refuse a file, and less than it would take to
// read what never ends.
const hostileTime = 20 * time.Second

// TestHostileFiles wants each attack refused quickly and in little memory,
// whatever its size.
func TestHostileFiles(t *testing.T) {
	laughs := `<!DOCTYPE ficAlimMENESR [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	for name, attack := range map[string]struct {
		r    io.Reader
		want RefusalKind
	}{
		"billion laughs":           {strings.NewReader(laughs + "<ficAlimMENESR>" + request(`<attr name="ENTPersonNom"><value>&c;</value></attr>`) + foot), UndeclaredEntity},
		"external entity":          {strings.NewReader(`<!DOCTYPE ficAlimMENESR [<!ENTITY x SYSTEM "file:///etc/passwd">]><ficAlimMENESR>` + request(`<attr name="ENTPersonNom"><value>&x;</value></attr>`) + foot), UndeclaredEntity},
		"parameter entity":         {strings.NewReader(`<!DOCTYPE ficAlimMENESR [<!ENTITY % x SYSTEM "http://127.0.0.1/x">%x;]><ficAlimMENESR>&x;` + foot), UnexpectedText},
		"endless DOCTYPE":          {io.MultiReader(strings.NewReader(`<!DOCTYPE ficAlimMENESR [`), repeat(`<!ENTITY a "b">`, 5<<20)), Malformed},
		"a million deep":           {io.MultiReader(strings.NewReader("<ficAlimMENESR>"), repeat("<attributes>", 1<<20)), UnexpectedElement},
		"50 MB attribute":          {io.MultiReader(strings.NewReader(`<ficAlimMENESR x="`), repeat("x", 50<<20), strings.NewReader(`"/>`)), TooLarge},
		"long attribute":           {strings.NewReader(document(`<attr name="` + strings.Repeat("x", 200) + `"><value/></attr>`)), TooLarge},
		"50 MB value":              {io.MultiReader(strings.NewReader(strings.TrimSuffix(document(`<attr name="ENTPersonNom"><value>`), "</attributes></addRequest>"+foot)), repeat("x", 50<<20)), TooLarge},
		"a value in pieces":        {io.MultiReader(strings.NewReader(strings.TrimSuffix(document(`<attr name="ENTPersonNom"><value>`), "</attributes></addRequest>"+foot)), repeat("x<!-- -->", 5<<20)), TooLarge},
		"a million values":         {io.MultiReader(strings.NewReader(strings.TrimSuffix(document(`<attr name="ENTPersonNom">`), "</attributes></addRequest>"+foot)), repeat("<value>x</value>", 1<<20)), TooLarge},
		"empty values":             {io.MultiReader(strings.NewReader(strings.TrimSuffix(document(`<attr name="ENTPersonNom">`), "</attributes></addRequest>"+foot)), repeat("<value/>", 1<<20)), TooLarge},
		"a million attrs":          {io.MultiReader(strings.NewReader(strings.TrimSuffix(document(""), "</attributes></addRequest>"+foot)), repeat(`<attr name="x"><value/></attr>`, 1<<20)), TooLarge},
		"a million XML attributes": {io.MultiReader(strings.NewReader(`<ficAlimMENESR `), repeat(`a="" `, 1<<20)), TooLarge},
		"endless comment":          {io.MultiReader(strings.NewReader(`<!--`), repeat(`x`, 50<<20)), TooLarge},
		"endless space":            {repeat(" ", 50<<20), TooLarge},
		"UTF-16LE mark":            {strings.NewReader("\xFF\xFE<\x00?\x00"), UnsupportedEncoding},
		"UTF-16BE mark":            {strings.NewReader("\xFE\xFF\x00<\x00?"), UnsupportedEncoding},
		"UTF-16 no mark":           {strings.NewReader("<\x00f\x00"), UnsupportedEncoding},
		"UTF-7":                    {strings.NewReader("+ADw-ficAlimMENESR/+AD4-"), UnsupportedEncoding},
		"declared UTF-7":           {strings.NewReader(`<?xml version="1.0" encoding="UTF-7"?><ficAlimMENESR/>`), UnsupportedEncoding},
		"two encodings":            {strings.NewReader("\uFEFF" + `<?xml version="1.0" encoding="ISO-8859-1"?><ficAlimMENESR/>`), UnsupportedEncoding},
		"XML 1.1":                  {strings.NewReader(`<?xml version="1.1"?><ficAlimMENESR/>`), Malformed},
		"NUL":                      {strings.NewReader(document("<attr name=\"ENTPersonNom\"><value>\x00</value></attr>")), InvalidCharacter},
		"NUL outside":              {strings.NewReader(head + "\x00<ficAlimMENESR/>"), UnexpectedText},
		"control character":        {strings.NewReader(document("<attr name=\"ENTPersonNom\"><value>\x1B[2J</value></attr>")), InvalidCharacter},
		"surrogate":                {strings.NewReader(document(`<attr name="ENTPersonNom"><value>&#xD800;</value></attr>`)), InvalidCharacter},
		"huge reference":           {strings.NewReader(document(`<attr name="ENTPersonNom"><value>&#99999999999;</value></attr>`)), InvalidCharacter},
		"endless reference":        {strings.NewReader(document(`<attr name="ENTPersonNom"><value>&` + strings.Repeat("a", 1000) + `;</value></attr>`)), UndeclaredEntity},
		"bare ampersand":           {strings.NewReader(document(`<attr name="ENTPersonNom"><value>R&D</value></attr>`)), UndeclaredEntity},
		"DOCTYPE quotes":           {strings.NewReader(`<!DOCTYPE ficAlimMENESR "<"><!-- > --><ficAlimMENESR/>`), Malformed},
		"other DOCTYPE":            {strings.NewReader(`<!DOCTYPE html><ficAlimMENESR/>`), Malformed},
		"two DOCTYPEs":             {strings.NewReader(head[39:] + head[39:] + `<ficAlimMENESR/>`), Malformed},
		"late DOCTYPE":             {strings.NewReader(`<ficAlimMENESR><!DOCTYPE ficAlimMENESR></ficAlimMENESR>`), Malformed},
		"late declaration":         {strings.NewReader("\n" + head + `<ficAlimMENESR/>`), Malformed},
		"two roots":                {strings.NewReader(`<ficAlimMENESR/><ficAlimMENESR/>`), UnexpectedElement},
		"end after root":           {strings.NewReader(`<ficAlimMENESR/></ficAlimMENESR>`), MismatchedTag},
		"text after root":          {strings.NewReader(`<ficAlimMENESR/>x`), UnexpectedText},
		"other root":               {strings.NewReader(`<html></html>`), UnexpectedElement},
		"no root":                  {strings.NewReader(head), Truncated},
		"nothing":                  {strings.NewReader(""), Truncated},
		"cut in a tag":             {strings.NewReader(`<ficAlimMENESR`), Truncated},
		"cut in a comment":         {strings.NewReader(`<!-- `), Truncated},
		"odd comment":              {strings.NewReader(`<!---><ficAlimMENESR/>`), Malformed},
		"odd CDATA":                {strings.NewReader(document(`<attr name="ENTPersonNom"><value><![xDATA[x]]></value></attr>`)), Malformed},
		"CDATA outside":            {strings.NewReader(document(`<![CDATA[]]>`)), UnexpectedText},
		"odd bang":                 {strings.NewReader(`<!ELEMENT a ANY><ficAlimMENESR/>`), Malformed},
		"spaced tag":               {strings.NewReader(`< ficAlimMENESR/>`), Malformed},
		"attributes in end":        {strings.NewReader(`<ficAlimMENESR></ficAlimMENESR a="b">`), Malformed},
		"unquoted":                 {strings.NewReader(document(`<attr name=ENTPersonNom><value/></attr>`)), Malformed},
		"name twice":               {strings.NewReader(document(`<attr name="a" name="b"><value/></attr>`)), UndeclaredAttribute},
		"no name":                  {strings.NewReader(document(`<attr><value/></attr>`)), UndeclaredAttribute},
		"namespace":                {strings.NewReader(`<ficAlimMENESR xmlns="x"/>`), UndeclaredAttribute},
		"value in value":           {strings.NewReader(document(`<attr name="ENTPersonNom"><value><value/></value></attr>`)), UnexpectedElement},
		"lost end tag":             {strings.NewReader(document(`<attr name="ENTPersonNom"><value>x</value>`)), MismatchedTag},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, _, err := parseAll(attack.r)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Kind != attack.want {
				t.Errorf("%v", err)
			}
			if took > hostileTime {
				t.Errorf("it took %s", took)
			}
			if spent := (after.TotalAlloc - before.TotalAlloc) >> 20; spent > 20 {
				t.Errorf("it took %d MB", spent)
			}
		})
	}
}

// TestGenerousForms are unusual and right.
func TestGenerousForms(t *testing.T) {
	nom := func(value string) string { return `<attr name="ENTPersonNom"><value>` + value + `</value></attr>` }
	const first = `<attr name="ENTPersonPrenom"><value>A</value></attr>`
	for name, c := range map[string]struct{ text, want string }{
		"plain":          {document(nom("ESSAI") + first), "ESSAI"},
		"byte order":     {"\uFEFF" + document(nom("É")+first), "É"},
		"no declaration": {strings.TrimPrefix(document(nom("É")+first), head), "É"},
		"latin 1":        {`<?xml version='1.0' encoding='iso-8859-1'?><ficAlimMENESR>` + request(nom("\xC9\xA4")+first) + foot, "É¤"},
		"latin 9":        {`<?xml version="1.0" encoding="ISO-8859-15" standalone="yes" ?><ficAlimMENESR>` + request(nom("\xC9\xA4\xBD")+first) + foot, "É€œ"},
		"entities":       {document(nom("&lt;&gt;&amp;&apos;&quot;&#233;&#xE9;&eacute;&OElig;&thetasym;") + first), `<>&'"éééŒϑ`},
		"CDATA":          {document(nom("A<![CDATA[<&]]>B<!-- x -->C<?pi?>") + first), "A<&BC"},
		"line ends":      {document(nom("A\r\nB\rC") + first), "A\nB\nC"},
		"trimmed":        {document(nom(" \n ESSAI\u00A0\t") + first), "ESSAI"},
		"spaced tags":    {document("<attr\n name = 'ENTPersonNom' ><value >X</value\n></attr >" + first), "X"},
		"no value":       {document(`<attr name="ENTPersonNom"></attr>` + `<attr name="ENTPersonNomPatro"><value>X</value></attr>` + first), "X"},
		"reference name": {document(`<attr name="ENTPerson&#78;om"><value>X</value></attr>` + first), "X"},
		"subset":         {`<!DOCTYPE ficAlimMENESR SYSTEM "x" [<!-- it's --><!ENTITY a "x"> <!ELEMENT attr (value+)>]>` + "<ficAlimMENESR>" + request(nom("X")+first) + foot + "<!-- end --><?pi?>\n", "X"},
	} {
		records, _, err := parseAll(strings.NewReader(c.text))
		if err != nil || len(records) != 1 || records[0].Pupil.Usual != c.want {
			t.Errorf("%s: %v %+v", name, err, records)
		}
	}
}

// TestManyTroublesTakeNoMemory has each record in trouble and thousands of
// unknown attributes.
func TestManyTroublesTakeNoMemory(t *testing.T) {
	var attributes strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&attributes, `<attr name="ENTOdd%d"><value>x</value></attr>`, i)
	}
	one := strings.Replace(request(attributes.String()), "<id>1</id>", "<id>x</id>", 1)
	most, told := 0, map[Kind]int{}
	p := newParser(func(full parcel) error {
		most = max(most, len(full.records), len(full.troubles))
		for _, tr := range full.troubles {
			told[tr.Kind] += tr.Count
		}
		return nil
	})
	_, err := p.parse(t.Context(), pupilFile, io.MultiReader(strings.NewReader("<ficAlimMENESR>"), repeat(one, 600), strings.NewReader(foot)))
	if err != nil || told[MalformedKey] != 600 || told[UnknownAttribute] != 600_000 || most > 2*maxStrangers {
		t.Errorf("%v: %v, at most %d in a parcel", err, told, most)
	}
}

// TestLargeFile reads more than 2 GB without holding it: what it holds of each
// of its records would be seen in the memory, and most of the bytes are in
// comments, which cost less to read.
func TestLargeFile(t *testing.T) {
	if os.Getenv("PREAU_TEST_ALL") == "" {
		t.Skip("takes ten seconds: PREAU_TEST_ALL=1 runs it")
	}
	const records, leak = 200_000, 40 // bytes
	one := string(pupils(1))
	one = one[strings.Index(one, "<addRequest>"):strings.Index(one, foot)]
	one += "<!--" + strings.Repeat(" ", math.MaxInt32/records-len(one)) + "-->"
	held := func() uint64 {
		var memory runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&memory)
		return memory.HeapAlloc
	}
	before, count := held(), 0
	p := newParser(func(full parcel) error { count += len(full.records); return nil })
	r := io.MultiReader(strings.NewReader("<ficAlimMENESR>"), repeat(one, records), strings.NewReader(foot))
	reading, err := p.parse(t.Context(), pupilFile, r)
	if err != nil || count != records || reading.Added != count {
		t.Errorf("%d records, %v", count, err)
	}
	if after := held(); after > before+records*leak {
		t.Errorf("%d bytes are held, and %d were before", after, before)
	}
	runtime.KeepAlive(p)
}

// TestEntitiesAreOneCharacter is what reading them counts on.
func TestEntitiesAreOneCharacter(t *testing.T) {
	for name, text := range xml.HTMLEntity {
		if utf8.RuneCountInString(text) != 1 || len("&"+name+";") > maxReference {
			t.Errorf("&%s; is %q", name, text)
		}
	}
}
