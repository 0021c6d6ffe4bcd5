package ui_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"preau/core/i18n"
	"preau/core/rich"
	"preau/core/ui"
)

// draw renders a component in French.
func draw(t *testing.T, c templ.Component) string {
	t.Helper()
	return drawIn(t, i18n.French, c)
}

func drawIn(t *testing.T, lang i18n.Lang, c templ.Component) string {
	t.Helper()
	words, err := i18n.Load(ui.Words)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := c.Render(i18n.With(context.Background(), i18n.Printer{Catalogue: words, Lang: lang}), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// holding draws a component that has children.
func holding(c templ.Component, child templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, child), w)
	})
}

func TestGalleryDraws(t *testing.T) {
	out := draw(t, holding(ui.Layout(ui.Page{Title: "Gallery", Demo: true}), ui.Gallery()))
	if !strings.Contains(out, "<title>Gallery – Préau</title>") {
		t.Error("the tab is not titled")
	}
}

// The layout of every reader keeps to the strictest policy: no style, no
// script and no handler inside the page.
func TestNothingInline(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)\sstyle=|<style|\son[a-z]+=|javascript:|<script[^>]*>[^<]`)
	if !forbidden.MatchString(`<p style="color:red">`) || !forbidden.MatchString(`<script>x</script>`) {
		t.Fatal("the expression finds nothing")
	}
	for _, reader := range []ui.Reader{ui.Adult, ui.EarlyReader, ui.PreReader} {
		page := ui.Page{
			Title: "x", Accent: 3, School: "y", Reader: reader, Demo: true, Person: &ui.Person{Name: "A B", Hats: []ui.Hat{{ID: "1", Label: "x"}, {ID: "2", Label: "y", Current: true}}},
			Nav: []ui.Link{{Href: "/", Icon: ui.IconHome, Label: "Home"}}, Notices: []ui.Notice{{Text: "z"}}, Help: ui.Text("h"),
			Assistance: ui.Link{Href: "/help", Icon: ui.IconSupport, Label: "Aide"},
		}
		for _, layout := range []templ.Component{ui.Layout(page), ui.Doorway(page)} {
			if found := forbidden.FindString(draw(t, holding(layout, ui.Gallery()))); found != "" {
				t.Errorf("reader %d: the page holds %q", reader, found)
			}
		}
	}
}

// What people typed and what registers hold is shown as text.
func TestWordsAreEscaped(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	for name, c := range map[string]templ.Component{
		"layout":  ui.Layout(ui.Page{Title: evil, School: evil, Person: &ui.Person{Name: evil, Hat: evil}, Nav: []ui.Link{{Href: evil, Label: evil}}}),
		"word":    ui.RichField{Name: evil, Label: evil, Value: evil, Hint: evil, Error: evil, Lang: evil},
		"written": ui.RichField{Name: "x", Label: "x", Value: "<p>" + evil + "</p>"},
		"text":    ui.Rich{Text: rich.Draft("<p>" + evil + "</p>"), Lang: evil},
		"field":   ui.Field{Name: evil, Label: evil, Value: evil, Hint: evil, Error: evil, Type: evil, Autocomplete: evil},
		"select":  ui.Select{Name: "x", Label: evil, Options: []ui.Option{{Value: evil, Label: evil}}},
		"table":   ui.Table{Caption: evil, Columns: []ui.Column{{Label: evil}, {Label: evil}}, Rows: []ui.Row{{ui.Text(evil), ui.Anchor{Href: evil, Label: evil}}}},
		"child":   ui.ChildCard{First: evil, Class: evil, Teachers: []string{evil}, School: evil},
		"contact": ui.Contact{Title: evil, Official: evil, Name: evil, For: evil, Phone: evil, Mail: evil, URL: evil},
		"person":  ui.PersonLine{Name: evil, Detail: evil, Href: evil},
		"notice":  ui.Notice{Title: evil, Text: evil},
		"trouble": ui.ErrorPage{Title: evil, Text: evil, RequestID: evil},
	} {
		if out := draw(t, c); strings.Contains(out, "<script>alert") || strings.Contains(out, `""><`) {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func TestFieldIsTied(t *testing.T) {
	for _, c := range []struct {
		field templ.Component
		want  []string
	}{
		{ui.Field{Name: "login", Label: "Identifiant", Required: true}, []string{`<label for="field-login">`, `id="field-login"`, ` required`}},
		{ui.Field{Name: "login", Label: "Identifiant"}, []string{`facultatif`}},
		{ui.Field{Name: "login", ID: "l2", Label: "x", Hint: "h", Error: "e"}, []string{
			`<label for="l2">`, `id="l2-hint"`, `id="l2-error"`, `aria-describedby="l2-hint l2-error"`, `aria-invalid="true"`,
		}},
		{ui.Field{Name: "login", Label: "x", Hint: "h"}, []string{`aria-describedby="field-login-hint"`}},
		{ui.Field{Name: "login", Label: "x", Error: "e"}, []string{`aria-describedby="field-login-error"`}},
		{ui.Field{Name: "code", Label: "x", Plain: true, InputMode: "numeric", MaxLength: 6}, []string{`autocapitalize="none"`, `spellcheck="false"`, `inputmode="numeric"`, `maxlength="6"`}},
		{ui.PasswordField{Name: "password", Label: "x"}, []string{`type="password"`, `autocomplete="current-password"`, `data-reveal="field-password"`}},
		{ui.PasswordField{Name: "password", Label: "x", Autocomplete: "new-password"}, []string{`autocomplete="new-password"`}},
		{ui.RichField{Name: "word", Label: "x", Hint: "h", Error: "e", Required: true, MaxLength: 500}, []string{
			`<label for="field-word">`, `<textarea id="field-word" name="word"`, ` required`, `maxlength="500"`, `aria-describedby="field-word-hint field-word-error"`, ui.URL("rich.js"),
		}},
		{ui.RichField{Name: "word", ID: "w2", Label: "x", Lang: "ar", Value: "<p>a <b>b</b></p><ul><li>c</li></ul>"}, []string{
			`>a b` + "\n\n" + `- c</textarea>`, `data-editor="&lt;p&gt;a &lt;strong&gt;b`, `lang="ar"`, `aria-controls="w2"`, `maxlength="20000"`,
		}},
		{ui.Checkbox{Name: "agree", Label: "x", Checked: true}, []string{`<label for="field-agree">`, ` checked`, `value="on"`}},
		{ui.Choices{Name: "half", Legend: "x", Options: []ui.Option{{Value: "am", Label: "a", Hint: "h"}}}, []string{`type="radio"`, `<label for="field-half-0">`, `aria-describedby="field-half-0-hint"`}},
	} {
		out := draw(t, c.field)
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%+v misses %s:\n%s", c.field, want, out)
			}
		}
	}
}

// What is wrong is said once: by its field, which has the focus and to which the
// summary leads, or by the summary.
func TestAFormLeadsToWhatIsWrong(t *testing.T) {
	const wrong = "Ce n’est pas le bon."
	summary, focus := "Une réponse est à corriger", " autofocus"
	half := ui.Choices{Name: "half", Legend: "Moitié", Error: wrong, Options: []ui.Option{{Value: "am"}, {Value: "pm"}}}
	for name, c := range map[string]struct {
		wrong string
		field templ.Component
		leads string
	}{
		"nothing":         {"", ui.Field{Name: "login", Label: "Identifiant"}, ""},
		"of no field":     {wrong, ui.Field{Name: "login", Label: "Identifiant"}, ""},
		"of a field":      {wrong, ui.Field{Name: "login", Label: "Identifiant", Error: wrong}, `<a href="#field-login">Identifiant</a>`},
		"of one of twins": {wrong, ui.TextArea{Name: "login", ID: "l2", Label: "Identifiant", Error: wrong}, `<a href="#l2">Identifiant</a>`},
		"of a password":   {wrong, ui.PasswordField{Name: "p", Label: "Mot de passe", Error: wrong}, `<a href="#field-p">Mot de passe</a>`},
		"of a choice":     {wrong, half, `<a href="#field-half-0">Moitié</a>`},
		"of a list":       {wrong, ui.Select{Name: "s", Label: "Liste", Error: wrong}, `<a href="#field-s">Liste</a>`},
		"of a box":        {wrong, ui.Checkbox{Name: "c", Label: "Oui", Error: wrong}, `<a href="#field-c">Oui</a>`},
		"of a word":       {wrong, ui.RichField{Name: "w", Label: "Mot", Error: wrong}, `<a href="#field-w">Mot</a>`},
		"of a file":       {wrong, ui.FileField{Name: "f", Label: "Fichier", Error: wrong}, `<a href="#field-f">Fichier</a>`},
	} {
		form := ui.Form(ui.FormView{Action: "/", Wrong: c.wrong})
		out := draw(t, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return form.Render(templ.WithChildren(ctx, c.field), w)
		}))
		said, focused := strings.Count(out, wrong), strings.Count(out, focus)
		if strings.Contains(out, summary) != (c.wrong != "") || (c.wrong != "") != (said == 1) || !strings.Contains(out, c.leads) || (c.leads != "") != (focused == 1) {
			t.Errorf("%s: said %d times, %d have the focus:\n%s", name, said, focused, out)
		}
	}
}

func TestLayoutOfReaders(t *testing.T) {
	person := &ui.Person{Name: "Louise", Hat: "élève", Hats: []ui.Hat{{ID: "a", Label: "A", Current: true}, {ID: "b", Label: "B"}}}
	for _, c := range []struct {
		name       string
		page       ui.Page
		has, lacks []string
	}{
		{"nobody", ui.Page{}, []string{`<html lang="fr"`, `href="#main"`, `<title>Préau</title>`}, []string{`/logout`, `data-menu`, `<nav`}},
		{"adult", ui.Page{Person: person, Path: "/"}, []string{`action="/me/hat"`, `name="hat" value="b"`, `action="/logout"`, `reader-adult`, `as="font"`}, []string{`handrail`}},
		{"one hat", ui.Page{Person: &ui.Person{Name: "A", Hats: person.Hats[:1]}}, []string{`action="/logout"`}, []string{`/me/hat`}},
		{"small", ui.Page{Person: person, Reader: ui.PreReader, Path: "/"}, []string{`handrail`, `data-speak`, `action="/logout"`, `aria-current="page"`, `reader-pre`}, []string{`data-menu`, `as="font"`}},
		{"coloured", ui.Page{Accent: 8, Demo: true}, []string{`accent-8`, `Démonstration`}, nil},
	} {
		out := draw(t, ui.Layout(c.page))
		for _, want := range c.has {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %s", c.name, want)
			}
		}
		for _, not := range c.lacks {
			if strings.Contains(out, not) {
				t.Errorf("%s: there is %s", c.name, not)
			}
		}
	}
}

func TestMaskedFigureHidesItsValue(t *testing.T) {
	out := draw(t, ui.Figure{Label: "x", Value: 3, Masked: true})
	if strings.Contains(out, "3") || !strings.Contains(out, "moins de 5") {
		t.Error(out)
	}
}

func TestTableWithoutRowsTeaches(t *testing.T) {
	out := draw(t, ui.Table{Caption: "x", Columns: []ui.Column{{Label: "y"}}, Empty: ui.Empty{Title: "Rien encore"}})
	if strings.Contains(out, "<table") || !strings.Contains(out, "Rien encore") {
		t.Error(out)
	}
}

func TestAccents(t *testing.T) {
	seen := map[string]bool{}
	for i := range 200 {
		a := ui.AccentOf(strconv.Itoa(i))
		if a != ui.AccentOf(strconv.Itoa(i)) {
			t.Fatal("the colour of a key changes")
		}
		seen[a.Class()] = true
	}
	if len(seen) != ui.Accents || seen[""] {
		t.Errorf("the colours are %v", seen)
	}
	if got := ui.Accent(0).Class() + ui.Accent(ui.Accents+1).Class(); got != "" {
		t.Errorf("no colour has the class %q", got)
	}
}

// Every picture that the code names is there, and has its word.
func TestPictures(t *testing.T) {
	if ui.Icon("nothing").Known() || ui.Icon("").Known() || ui.Pictogram("nothing").Known() {
		t.Error("a picture that does not exist is known")
	}
	for _, p := range append([]ui.Pictogram{ui.PictureHouse, ui.PictureFrame}, ui.Animals...) {
		if !p.Known() || drawIn(t, i18n.English, ui.Avatar{Name: "A", Picture: p}) == "" {
			t.Errorf("no picture of %s", p)
		}
	}
	sprite := string(body(t, get(t, "GET", ui.URL("icons.svg"), nil).Body))
	source, err := os.ReadFile("icon.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`Icon = "([^"]+)"`).FindAllStringSubmatch(string(source), -1)
	if drawn := strings.Count(sprite, "<symbol"); drawn != len(named) {
		t.Errorf("%d icons are drawn and %d have a name", drawn, len(named))
	}
	for _, name := range named {
		if !strings.Contains(sprite, `id="`+name[1]+`"`) {
			t.Errorf("no drawing of %s", name[1])
		}
	}
	files, err := filepath.Glob("pictograms/*.svg")
	if err != nil {
		t.Fatal(err)
	}
	words, err := i18n.Load(ui.Words)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if key := "ui.picture-" + strings.TrimSuffix(filepath.Base(file), ".svg"); !words.Has(key) {
			t.Errorf("no word for %s", key)
		}
	}
}

// An address that would run a script leads nowhere.
func TestAddressesRunNothing(t *testing.T) {
	const evil = "javascript:alert(1)"
	for name, c := range map[string]templ.Component{
		"link":   ui.ButtonLink{Href: evil, Label: "x"},
		"tile":   ui.Tile{Href: evil, Title: "x"},
		"anchor": ui.Anchor{Href: evil, Label: "x"},
		"post":   ui.PostButton{Action: evil, Label: "x"},
		"form":   ui.Form(ui.FormView{Action: evil}),
	} {
		if out := draw(t, c); strings.Contains(out, "javascript:") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// Whom to call is reached in one tap, and help is in one place.
func TestContactIsReached(t *testing.T) {
	out := draw(t, ui.Contact{Title: "x", Name: "y", Phone: "+33 1 99 00 12 34", Mail: "a@b.test", URL: "https://aide.test/"})
	for _, want := range []string{`href="tel:+33199001234"`, `href="mailto:a@b.test"`, `href="https://aide.test/"`, "<h3"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
	if out := draw(t, ui.Contact{Title: "x", Name: "y", URL: "javascript:alert(1)"}); strings.Contains(out, "javascript:") {
		t.Error("a script is a page of help")
	}
	assistance := ui.Link{Href: "/help", Icon: ui.IconSupport, Label: "Aide"}
	here := assistance
	here.Current = true
	for name, c := range map[string]struct {
		page ui.Page
		want int // places where help is
	}{
		"an adult":           {ui.Page{Assistance: assistance}, 1},
		"an adult and words": {ui.Page{Assistance: assistance, Help: ui.Text("h")}, 1},
		"on the page itself": {ui.Page{Assistance: here}, 0},
		"a child":            {ui.Page{Assistance: assistance, Reader: ui.PreReader}, 1},
		"a stranger":         {ui.Page{}, 0},
	} {
		if got := strings.Count(draw(t, ui.Layout(c.page)), `href="/help"`); got != c.want {
			t.Errorf("%s: help is at %d places, want %d", name, got, c.want)
		}
	}
}
