package i18n

import (
	"context"
	"embed"
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

// words holds how each language names itself, days and months, and puts dates, hours and
// numbers together. Every catalogue has them.
//
//go:embed words/*.json
var words embed.FS

// Catalogue holds every text that people read. It is made once, at start,
// and only read afterwards.
type Catalogue struct {
	texts map[Lang]map[string]string
	rules map[Lang]rules
	rooms map[Lang]map[string]bool // which have a text of their own in the language
	langs []Lang
}

// Load reads the texts of the rooms. Each file system holds a folder "words"
// with one JSON object a language ("words/fr.json", "words/en.json"): key to
// text. A key is "room.words-with-dashes". A text may hold numbered places
// ("%[1]s") and, for a count given first, plural forms parted by a bar:
// "un enfant|%[1]d enfants". They are the forms that the language has for whole
// numbers, in the order of CLDR (zero, one, two, few, many, other): two in French,
// where the first is for 0 and 1, and in English; three in Ukrainian; six in Arabic.
//
// Load fails when a key lacks its French or its English text, when two rooms
// claim one key, when the places of a translation are not those of the
// French text, when it has not the forms of its language, or when a language does not
// say its own name.
//
// A text that is said to children too may have a second one under its key and "-tu",
// in simple words: see [Printer]. A language that says the same to everybody needs none.
func Load(rooms ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[Lang]map[string]string{}, rules: map[Lang]rules{}, rooms: map[Lang]map[string]bool{}}
	for _, room := range append([]fs.FS{words}, rooms...) {
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
		c.texts[lang], c.rules[lang], c.rooms[lang] = map[string]string{}, rulesOf(lang), map[string]bool{}
	}
	if own := texts["lang.thousands"]; own != "" {
		r := c.rules[lang]
		r.thousands = own
		c.rules[lang] = r
	}
	for key, text := range texts {
		if _, twice := c.texts[lang][key]; twice {
			return fmt.Errorf("i18n: %q is said twice in %s", key, lang)
		}
		c.texts[lang][key] = text
		c.rooms[lang][roomOf(key)] = true
	}
	return nil
}

func (c *Catalogue) check() error {
	var wrong []error
	for lang, texts := range c.texts {
		if texts[ownName] == "" {
			wrong = append(wrong, fmt.Errorf("i18n: %s does not say its own name, %s", lang, ownName))
		}
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
			case strings.Contains(text, "|") && strings.Count(text, "|")+1 != len(c.rules[lang].forms):
				wrong = append(wrong, fmt.Errorf("i18n: %q has %d plural forms in %s, which has %d", key, strings.Count(text, "|")+1, lang, len(c.rules[lang].forms)))
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

// Speaks tells whether a language has any text of a room, or the catalogue none at all:
// what is said in French throughout had better be taken for French.
func (c *Catalogue) Speaks(lang Lang, room string) bool {
	return c.rooms[lang][room] || !c.rooms[French][room]
}

// roomOf is the room of a key, which begins it.
func roomOf(key string) string {
	room, _, _ := strings.Cut(key, ".")
	return room
}

// Say gives the text of key in lang, filled with args. When the text has
// plural forms, the first argument is the count that chooses. What is in another
// direction than the language (a name, a login, a text that has no translation) is set
// apart by the marks of Unicode, so that it stands as one reads it. A key that the
// catalogue does not have is a fault of the program: Say panics, and the
// test that reads every key in the source keeps it from happening.
func (c *Catalogue) Say(lang Lang, key string, args ...any) string {
	text, ok := c.texts[lang][key]
	if ok {
		return c.rules[lang].fill(text, args)
	}
	if text, ok = c.texts[French][key]; !ok {
		panic("i18n: no text for " + key)
	}
	text = c.rules[French].fill(text, args)
	if lang.RightToLeft() {
		return apart(text)
	}
	return text
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
