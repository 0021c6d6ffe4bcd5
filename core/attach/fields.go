package attach

import (
	"context"
	"fmt"
	"io"

	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// Fields ask in a form what a thing carries, with what it carries already.
type Fields struct {
	bag           Bag
	form          web.Form
	photos, files []ticket
	expired       bool // something that was received waited too long
	aloud         bool // one may say it
}

// Fields are those of a form, with what was received before it came back; of one that nobody
// has filled, with what the thing carries already. Its form carries files.
func (t *Tray) Fields(r *web.Request, bag Bag, form web.Form, has Set) Fields {
	f := Fields{bag: bag, form: form}
	if form.Filled() {
		var photos, files error
		f.photos, photos = t.open(r, bag, form.All(keptPhoto), r.Tx.Now)
		f.files, files = t.open(r, bag, form.All(keptFile), r.Tx.Now)
		f.expired = photos != nil || files != nil
		return f
	}
	f.photos, f.files = t.tickets(r, bag, has)
	return f
}

// Aloud lets one say what the thing says, where the browser records: its page is a
// [web.Page] that Records.
func (f Fields) Aloud() Fields {
	f.aloud = true
	return f
}

// Render implements templ.Component.
func (f Fields) Render(ctx context.Context, w io.Writer) error { return fields(f).Render(ctx, w) }

// hint says how many there may be, or that what was received is no more.
func (f Fields) hint(say i18n.Printer, key string, most int) string {
	if f.expired {
		return say.Say("attach.expired")
	}
	return say.Say(key, most)
}

// options are boxes that stay ticked for what is kept.
func options(say i18n.Printer, tickets []ticket) []ui.Option {
	all := make([]ui.Option, len(tickets))
	for i, k := range tickets {
		all[i] = ui.Option{Value: k.sealed, Label: k.Name, Selected: true}
		if k.File != nil {
			all[i].Hint = k.File.Detail(say)
		}
	}
	return all
}

// shown is the name of a photo as its sender knows it, for one line.
func shown(name string) string {
	letters := []rune(school.Clean(name))
	return string(letters[:min(len(letters), maxName)])
}

// At shows what a thing carries, whose page has a path: its photos, then its files.
func (s Set) At(path string) Shown { return Shown{s, path} }

// Shown is what a thing carries, as its page shows it.
type Shown struct {
	Set
	path string
}

// Render implements templ.Component.
func (s Shown) Render(ctx context.Context, w io.Writer) error { return all(s).Render(ctx, w) }

// photoPath and filePath are where one of them is, the first being 0.
func (s Shown) photoPath(i int) string { return fmt.Sprintf("%s/photo/%d", s.path, i+1) }
func (s Shown) filePath(i int) string  { return fmt.Sprintf("%s/file/%d", s.path, i+1) }

// Named says the files by their names alone, where they cannot be opened: on paper, and
// while the database is away.
func (s Set) Named(say i18n.Printer) []string {
	names := make([]string, len(s.Files))
	for i, f := range s.Files {
		names[i] = say.Say("attach.named", f.Name, f.Detail(say))
	}
	return names
}
