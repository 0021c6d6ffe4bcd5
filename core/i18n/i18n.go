package i18n

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Lang is a language as BCP 47 writes it ("fr", "en").
type Lang string

// French is the language of reference: every other one is read beside it.
// English must be as complete; further languages may have holes, which fall
// back to French.
const (
	French  Lang = "fr"
	English Lang = "en"
)

// Catalogue holds every text that people read. It is made once, at start,
// and only read afterwards.
type Catalogue struct {
	texts map[Lang]map[string]string
	langs []Lang
}

// Load reads the texts of the rooms. Each file system holds a folder "words"
// with one JSON object a language ("words/fr.json", "words/en.json"): key to
// text. A key is "room.words-with-dashes". A text may hold numbered places
// ("%[1]s") and, for a count given first, plural forms parted by a bar:
// "un enfant|%[1]d enfants" (the first is for 0 and 1 in French, for 1 in
// English).
//
// Load fails when a key lacks its French or its English text, when two rooms
// claim one key, or when the places of a translation are not those of the
// French text.
//
// A text that is said to children too may have a second one under its key and "-tu",
// in simple words: see [Printer]. A language that says the same to everybody needs none.
func Load(rooms ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[Lang]map[string]string{}}
	for _, room := range rooms {
		files, err := fs.Glob(room, "words/*.json")
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, errors.New("i18n: a room has no words/*.json")
		}
		for _, file := range files {
			if err := c.read(room, file); err != nil {
				return nil, err
			}
		}
	}
	for lang := range c.texts {
		c.langs = append(c.langs, lang)
	}
	slices.SortFunc(c.langs, func(a, b Lang) int { // French first, English second
		return strings.Compare(rank(a)+string(a), rank(b)+string(b))
	})
	return c, c.check()
}

func rank(l Lang) string {
	switch l {
	case French:
		return "0"
	case English:
		return "1"
	}
	return "2"
}

func (c *Catalogue) read(room fs.FS, file string) error {
	data, err := fs.ReadFile(room, file)
	if err != nil {
		return err
	}
	var texts map[string]string
	if err := json.Unmarshal(data, &texts); err != nil {
		return fmt.Errorf("i18n: %s: %w", file, err)
	}
	lang := Lang(strings.TrimSuffix(path.Base(file), ".json"))
	if c.texts[lang] == nil {
		c.texts[lang] = map[string]string{}
	}
	for key, text := range texts {
		if _, twice := c.texts[lang][key]; twice {
			return fmt.Errorf("i18n: %q is said twice in %s", key, lang)
		}
		c.texts[lang][key] = text
	}
	return nil
}

func (c *Catalogue) check() error {
	var wrong []error
	for lang, texts := range c.texts {
		for key, text := range texts {
			french, ok := c.texts[French][key]
			base, toChild := strings.CutSuffix(key, "-tu")
			switch {
			case !ok:
				wrong = append(wrong, fmt.Errorf("i18n: %q has no French text", key))
			case toChild && !c.Has(base):
				wrong = append(wrong, fmt.Errorf("i18n: %q is said to children only", key))
			case toChild && !slices.Equal(places(text), places(c.texts[French][base])):
				wrong = append(wrong, fmt.Errorf("i18n: %q has other places in %s than what it stands for", key, lang))
			case !slices.Equal(places(text), places(french)):
				wrong = append(wrong, fmt.Errorf("i18n: %q has other places in %s than in French", key, lang))
			}
		}
	}
	for key := range c.texts[French] {
		if _, ok := c.texts[English][key]; !ok && !strings.HasSuffix(key, "-tu") {
			wrong = append(wrong, fmt.Errorf("i18n: %q has no English text", key))
		}
	}
	return errors.Join(wrong...)
}

// places lists the numbered places of a text, each once, in order.
func places(text string) []string {
	var found []string
	for {
		i := strings.Index(text, "%[")
		if i < 0 {
			break
		}
		text = text[i+2:]
		if j := strings.IndexByte(text, ']'); j > 0 && j+1 < len(text) {
			found = append(found, text[:j]+text[j+1:j+2])
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// Langs lists the languages of the catalogue, French first.
func (c *Catalogue) Langs() []Lang { return c.langs }

// Keys lists every key, sorted.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.texts[French]))
	for key := range c.texts[French] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Has tells whether key is in the catalogue.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.texts[French][key]
	return ok
}

// Say gives the text of key in lang, filled with args. When the text has
// plural forms, the first argument is the count that chooses. A key that the
// catalogue does not have is a fault of the program: Say panics, and the
// test that reads every key in the source keeps it from happening.
func (c *Catalogue) Say(lang Lang, key string, args ...any) string {
	text, ok := c.texts[lang][key]
	if !ok {
		if lang, text = French, c.texts[French][key]; !c.Has(key) {
			panic("i18n: no text for " + key)
		}
	}
	if one, many, plural := strings.Cut(text, "|"); plural && len(args) > 0 {
		if text = many; singular(lang, args[0]) {
			text = one
		}
	}
	if len(args) == 0 || !strings.Contains(text, "%") {
		return text
	}
	return fmt.Sprintf(text, args...)
}

func singular(lang Lang, count any) bool {
	n, ok := count.(int)
	return ok && (n == 1 || n == 0 && lang == French)
}

// Printer says texts in one language. A request carries one in its context.
type Printer struct {
	*Catalogue
	Lang  Lang
	Child bool // it speaks to a child, where there is a text for them
}

// Say is [Catalogue.Say] in the printer's language, to a child if need be.
func (p Printer) Say(key string, args ...any) string {
	if p.Child {
		from := p.Lang
		if _, own := p.texts[from][key]; !own {
			from = French
		}
		if _, has := p.texts[from][key+"-tu"]; has {
			key += "-tu"
		}
	}
	return p.Catalogue.Say(p.Lang, key, args...)
}

type printerKey struct{}

// With gives a context whose texts are said by p.
func With(ctx context.Context, p Printer) context.Context {
	return context.WithValue(ctx, printerKey{}, p)
}

// From gives the printer of a context. Without one it panics: every page is
// rendered under core/web, which sets it.
func From(ctx context.Context) Printer {
	p, ok := ctx.Value(printerKey{}).(Printer)
	if !ok {
		panic("i18n: a page is rendered outside of a request")
	}
	return p
}

// Say says key in the language of the context; see [Catalogue.Say].
func Say(ctx context.Context, key string, args ...any) string {
	return From(ctx).Say(key, args...)
}
