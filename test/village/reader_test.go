package village

import (
	"bytes"
	"encoding/xml"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// asked is a request as the tests read it back, with the standard library's
// parser and no code of the generator.
type asked struct {
	verb     string
	category string
	id       string
	names    []string // of the attributes, in order
	values   map[string][]string
	file     string
}

func (a asked) one(name string) string {
	if len(a.values[name]) != 1 {
		return "(" + strings.Join(a.values[name], "|") + ")"
	}
	return a.values[name][0]
}

// filled are the values of an attribute that say something.
func (a asked) filled(name string) []string {
	return slices.DeleteFunc(slices.Clone(a.values[name]), func(v string) bool { return v == "" })
}

type xmlFile struct {
	Requests []struct {
		XMLName     xml.Name
		Operational xmlAttr   `xml:"operationalAttributes>attr"`
		ID          string    `xml:"identifier>id"`
		Attributes  []xmlAttr `xml:"attributes>attr"`
		Changes     []xmlAttr `xml:"modifications>modification"`
	} `xml:",any"`
}

type xmlAttr struct {
	Name      string   `xml:"name,attr"`
	Operation string   `xml:"operation,attr"`
	Values    []string `xml:"value"`
}

// read reads every request of a delivery, file by file in the order of their
// names.
func read(t *testing.T, dir string) []asked {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []asked
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(text, func(b byte) bool { return b >= 0x80 }); i >= 0 {
			t.Errorf("%s: byte %d is not ASCII", path, i)
		}
		var file xmlFile
		if err := xml.NewDecoder(bytes.NewReader(text)).Decode(&file); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, q := range file.Requests {
			a := asked{verb: q.XMLName.Local, category: q.Operational.Values[0], id: q.ID, values: map[string][]string{}, file: filepath.Base(path)}
			for _, v := range append(q.Attributes, q.Changes...) {
				a.names = append(a.names, v.Name)
				if v.Operation == "" || v.Operation == "replace" {
					a.values[v.Name] = v.Values
				}
			}
			all = append(all, a)
		}
	}
	return all
}

func of(c category, all []asked) []asked {
	return slices.DeleteFunc(slices.Clone(all), func(a asked) bool { return a.category != string(c) })
}

// day is a Monday of September.
var day = time.Date(2026, time.September, 7, 0, 0, 0, 0, time.UTC)

func write(t *testing.T, o Options) (string, Summary) {
	t.Helper()
	if o.Date.IsZero() {
		o.Date = day
	}
	dir := t.TempDir()
	s, err := Write(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, s
}
