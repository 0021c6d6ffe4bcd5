package browser_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"preau/core/i18n"
	"preau/core/rich"
	"preau/core/ui"
	"preau/test/browser"
)

// desk is a page where a word is written, refused while it does not thank, and
// shown once it is sent.
type desk struct {
	url   string
	start string // what is in the field at first

	mu   sync.Mutex
	sent string
}

func openDesk(t *testing.T, start string) *desk {
	t.Helper()
	words, err := i18n.Load(ui.Words)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{start: start}
	mux := http.NewServeMux()
	mux.Handle(ui.AssetPrefix, ui.Assets())
	mux.HandleFunc("/word", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		ctx := i18n.With(r.Context(), i18n.Printer{Catalogue: words, Lang: i18n.French})
		if err := d.page(r).Render(ctx, w); err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	d.url = server.URL + "/word"
	return d
}

func (d *desk) page(r *http.Request) templ.Component {
	field := ui.RichField{Name: "word", Label: "Mot aux familles", Hint: "Les familles de la classe le liront.", Value: d.start, Required: true}
	if r.Method == http.MethodPost {
		field.Value = r.FormValue("word")
		d.mu.Lock()
		d.sent = field.Value
		d.mu.Unlock()
		text, err := rich.Parse(field.Value)
		if err == nil && strings.Contains(text.Plain(), "Merci") {
			return in(ui.Layout(ui.Page{Title: "Mot"}), ui.Heading{Title: "Mot"}, ui.Rich{Text: text, Level: 2})
		}
		field.Error = "Remerciez les familles."
	}
	return in(ui.Layout(ui.Page{Title: "Écrire"}), ui.Heading{Title: "Écrire"},
		in(ui.Form(ui.FormView{Action: "/word", Wrong: field.Error}), field, ui.Field{Name: "title", Label: "Titre"}, ui.Button{Label: "Envoyer"}))
}

// stored is what a room would keep of what was sent.
func (d *desk) stored(t *testing.T) string {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	text, err := rich.Parse(d.sent)
	if err != nil {
		t.Fatal(err)
	}
	return text.HTML()
}

const (
	text = `#field-word`
	rel  = ` rel="noopener noreferrer nofollow"`
)

func tool(do string) string { return `[data-do="` + do + `"]` }

func write(p *browser.Page) { p.Eval(`document.querySelector("` + text + `").focus()`) }

// Everything that the toolbar does, with a finger and with the keyboard.
func TestAWordIsWritten(t *testing.T) {
	b, d := browser.Open(t), openDesk(t, "")
	for _, view := range views {
		p := b.Page(t, view)
		p.Goto(d.url)
		p.Check()
		p.Shot("word-empty")
		write(p)
		p.Press("Bonjour à ")
		p.Click(tool("bold"))
		p.Press("tous")
		if on := browser.Value[string](p, `document.querySelector('[data-do="bold"]').getAttribute("aria-pressed")`); on != "true" {
			t.Errorf("the letter is bold and the tool says %s", on)
		}
		p.Press("b", chromedp.ModifierCtrl)
		p.Press(", ")
		p.Press("i", chromedp.ModifierCtrl)
		p.Press("apportez")
		p.Press("i", chromedp.ModifierCtrl)
		p.Press(" :" + kb.Enter)
		p.Click(tool("bullets"))
		p.Press("un maillot" + kb.Enter + "un bonnet" + kb.Enter + kb.Enter)
		p.Click(tool("numbers"))
		p.Press("partir" + kb.Enter + "revenir" + kb.Enter + kb.Enter + "Voir le ")
		p.Press("k", chromedp.ModifierCtrl)
		p.Press("nulle part" + kb.Enter)
		if !browser.Value[bool](p, `document.activeElement.matches(".editor-link input[aria-invalid]")`) {
			t.Error("what is no address is taken for one")
		}
		p.Check()
		p.Shot("word-link")
		p.Eval(`document.activeElement.select()`)
		p.Press("www.zoo.test")
		p.Click(`[data-link="set"]`)
		p.Press(". Merciii")
		p.Click(tool("undo"))
		p.Press(" Merci")
		p.Check()
		p.Shot("word-written")
		p.Submit("form")
		p.Check()
		p.Shot("word-read")
		const want = `<p>Bonjour à <strong>tous</strong>, <em>apportez</em> :</p><ul><li>un maillot</li><li>un bonnet</li></ul>` +
			`<ol><li>partir</li><li>revenir</li></ol><p>Voir le <a href="https://www.zoo.test"` + rel + `>www.zoo.test</a>. Merci</p>`
		if got := d.stored(t); got != want {
			t.Errorf("what is kept is %s\nwant %s", got, want)
		}
	}
}

// A form that is refused comes back with what was written, and how.
func TestAWordComesBack(t *testing.T) {
	b := browser.Open(t)
	for _, noScript := range []bool{false, true} {
		d := openDesk(t, "")
		p := b.Page(t, browser.View{Width: browser.Phone, NoScript: noScript})
		p.Goto(d.url)
		if noScript {
			write(p)
			p.Press("Bonjour" + kb.Enter + kb.Enter + "- un" + kb.Enter + "- deux")
		} else {
			write(p)
			p.Press("Bonjour" + kb.Enter)
			p.Click(tool("bullets"))
			p.Press("b", chromedp.ModifierCtrl)
			p.Press("un" + kb.Enter + "deux")
		}
		p.Submit("form")
		p.Fits()
		p.Quiet()
		if !noScript {
			p.Axe()
		}
		p.Shot("word-refused")
		if noScript {
			p.Eval(`document.querySelector("[name=word]").setSelectionRange(1000, 1000)`)
			p.Press(kb.Enter + kb.Enter + "Merci")
		} else {
			if on := browser.Value[string](p, `document.activeElement.id + " " + document.activeElement.getAttribute("aria-describedby")`); on != "field-word field-word-hint field-word-error" {
				t.Errorf("the focus is on %s", on)
			}
			p.Press(kb.End, chromedp.ModifierCtrl)
			p.Press(kb.Enter + kb.Enter + "Merci")
		}
		p.Submit("form")
		want := `<p>Bonjour</p><ul><li><strong>un</strong></li><li><strong>deux</strong></li></ul><p>Merci</p>`
		if noScript {
			want = `<p>Bonjour</p><ul><li>un</li><li>deux</li></ul><p>Merci</p>`
		}
		if got := d.stored(t); got != want {
			t.Errorf("no script %v: %s\nwant %s", noScript, got, want)
		}
	}
}

// A text that is opened and sent again is the same.
func TestAWordIsLeftAsItWas(t *testing.T) {
	start, err := rich.Parse(`<h3>Merci</h3><p>a <b>b <i>c</i></b><br>d « e » <u>f</u></p><ul><li>g<ol><li>h</li></ol></li><li>i</li></ul>` +
		`<blockquote><p>j</p><p>k</p></blockquote><p><a href="https://zoo.test/?a=1&amp;b=2">l</a></p>`)
	if err != nil {
		t.Fatal(err)
	}
	d := openDesk(t, start.HTML())
	p := browser.Open(t).Page(t, browser.View{})
	p.Goto(d.url)
	p.Submit("form")
	if got := d.stored(t); got != start.HTML() {
		t.Errorf("%s\nwant %s", got, start.HTML())
	}
}

// The toolbar is one stop, and Tab leaves the text from anywhere, a list too.
func TestTheEditorUnderTheKeyboard(t *testing.T) {
	d := openDesk(t, "")
	p := browser.Open(t).Page(t, browser.View{})
	p.Goto(d.url)
	on := func() string {
		return browser.Value[string](p, `document.activeElement.dataset.do ?? document.activeElement.id`)
	}
	write(p)
	p.Press(kb.Tab, chromedp.ModifierShift)
	for _, step := range []struct{ key, to string }{
		{kb.ArrowRight, "italic"}, {kb.End, "undo"}, {kb.ArrowRight, "bold"}, {kb.ArrowLeft, "undo"}, {kb.Home, "bold"},
		{kb.ArrowRight, "italic"}, {kb.ArrowRight, "bullets"}, {kb.Enter, "field-word"},
	} {
		if p.Press(step.key); on() != step.to {
			t.Fatalf("a key leads to %s, want %s", on(), step.to)
		}
	}
	p.Press("Merci")
	if p.Press(kb.Tab); on() != "field-title" {
		t.Errorf("Tab leads from the list to %s", on())
	}
	p.Submit("form")
	if got, want := d.stored(t), "<ul><li>Merci</li></ul>"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	p.Quiet()
}

// wordClip is what Word puts on the clipboard, shortened.
const wordClip = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm;} --></style></head>
<body lang=FR><!--StartFragment--><h1 style='color:red'>Sortie<o:p></o:p></h1>
<p class=MsoNormal style='mso-margin-top-alt:auto'><span
style='font-size:12.0pt;color:#1F497D'>Bonjour <b style='mso-bidi-font-weight:normal'>à tous</b> <img src="https://spy.test/x.png" onerror="document.title='bad'"><span style='font-weight:700'>merci</span></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>Merci un</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>deux</p>
<p class=MsoNormal><a href="javascript:alert(1)" onclick="alert(1)">ici</a> et <a href="https://zoo.test/">là</a></p>
<table><tr><td><p class=MsoNormal>a</p></td><td><p class=MsoNormal>b</p></td></tr></table><!--EndFragment--></body></html>`

func TestAPasteFromWord(t *testing.T) {
	d := openDesk(t, "")
	p := browser.Open(t).Page(t, browser.View{})
	p.Goto(d.url)
	write(p)
	p.Eval(`{
		const clip = new DataTransfer();
		clip.setData("text/html", ` + "`" + wordClip + "`" + `);
		document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clip, bubbles: true, cancelable: true}));
	}`)
	if left := browser.Value[[]string](p, `[...document.querySelectorAll("`+text+` *")].flatMap((e) => [...e.attributes].map((a) => a.name))`); !slices.Equal(left, []string{"aria-level", "href"}) {
		t.Errorf("the paste has brought the attributes %v", left)
	}
	p.Check()
	p.Shot("word-pasted")
	p.Submit("form")
	const want = `<h3>Sortie</h3><p>Bonjour <strong>à tous</strong> <strong>merci</strong></p><ul><li>Merci un</li><li>deux</li></ul>` +
		`<p>ici et <a href="https://zoo.test/"` + rel + `>là</a></p><p>a</p><p>b</p>`
	if got := d.stored(t); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// A text that is too long is said while it is written.
func TestAWordTooLong(t *testing.T) {
	d := openDesk(t, strings.Repeat("Merci. ", rich.Max/7))
	p := browser.Open(t).Page(t, browser.View{})
	p.Goto(d.url)
	said := func() bool { return browser.Value[bool](p, `!document.querySelector(".editor-long").hidden`) }
	if said() {
		t.Error("a text that is not too long is said to be")
	}
	write(p)
	p.Press(strings.Repeat("x", 10))
	if !said() {
		t.Error("a text that is too long is not said to be")
	}
}

// Only the pages that have such a field load its script.
func TestTheEditorIsLoadedWhereOneWrites(t *testing.T) {
	b, url, d := browser.Open(t), serve(t), openDesk(t, "")
	loads := `performance.getEntriesByType("resource").some((r) => r.name.includes("/rich."))`
	p := b.Page(t, browser.View{})
	p.Goto(url + "/screen/login")
	if browser.Value[bool](p, loads) {
		t.Error("the page of sign-in loads the editor")
	}
	p.Goto(d.url)
	if !browser.Value[bool](p, loads) {
		t.Error("the page where one writes does not load the editor")
	}
}
