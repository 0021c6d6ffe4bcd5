package aaf

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Delivery is the set of files that share a prefix, a mode and a date.
type Delivery struct {
	Name   string // "<prefix>_<mode>_<date>", as its files write it
	Prefix string
	Mode   Mode
	Date   time.Time // midnight UTC of the day; zero when the names hold no day
	Files  []File    // by category in reading order, then chunk

	source *Source
}

// File is one chunk of one category.
type File struct {
	Name     string // without its folder
	Category Category
	Chunk    int   // from 0
	Size     int64 // bytes once decompressed, as the folder or archive says

	path string // in the folder or archive
}

// categories are in the order in which records refer to earlier ones.
var categories = []Category{Structures, Staffs, Pupils, Guardians}

// Check verifies that the delivery can be read as a whole: a date, in each
// category the chunks 0000 to the last without hole or repetition, and in a
// complete delivery all four categories. A delta may lack some. The error is
// a *[Refusal].
func (d *Delivery) Check() error {
	if d.Date.IsZero() {
		return refuse(WrongDate, d.Files[0].Name, "the digits after %q are not a date written yyyyMMdd", d.Mode)
	}
	next := map[Category]int{}
	for _, f := range d.Files { // by category, then chunk
		switch want := next[f.Category]; {
		case f.Chunk < want:
			return refuse(RepeatedChunk, f.Name, "chunk %04d of %s is there twice", f.Chunk, f.Category)
		case f.Chunk > want:
			return refuse(MissingChunk, f.Name, "chunk %04d of %s is missing before chunk %04d", want, f.Category, f.Chunk)
		}
		next[f.Category]++
	}
	if d.Mode == Complete {
		for _, c := range categories {
			if next[c] == 0 {
				return refuse(MissingCategory, d.Name, "a complete delivery must hold %s", c)
			}
		}
	}
	return nil
}

// group makes deliveries of files, and lists the names that are none.
func group(source *Source, entries []entry) (deliveries []Delivery, ignored []string) {
	byName := map[string]*Delivery{}
	for _, e := range entries {
		name := e.path[strings.LastIndexByte(e.path, '/')+1:]
		p, ok := parseFileName(name)
		if !ok || !e.plain {
			ignored = append(ignored, e.path)
			continue
		}
		d := byName[p.delivery]
		if d == nil {
			d = &Delivery{Name: p.delivery, Prefix: p.prefix, Mode: p.mode, Date: p.date, source: source}
			byName[p.delivery] = d
		}
		d.Files = append(d.Files, File{Name: name, Category: p.category, Chunk: p.chunk, Size: e.size, path: e.path})
	}
	for _, d := range byName {
		slices.SortFunc(d.Files, func(a, b File) int {
			return cmp.Or(
				cmp.Compare(slices.Index(categories, a.Category), slices.Index(categories, b.Category)),
				cmp.Compare(a.Chunk, b.Chunk),
				cmp.Compare(a.path, b.path))
		})
		deliveries = append(deliveries, *d)
	}
	slices.SortFunc(deliveries, func(a, b Delivery) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Prefix, b.Prefix),
			cmp.Compare(a.Mode, b.Mode), cmp.Compare(a.Name, b.Name)) // "Complet" < "Delta"
	})
	slices.Sort(ignored)
	return deliveries, ignored
}
