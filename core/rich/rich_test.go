package rich_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"preau/core/fail"
	"preau/core/rich"
)

func parse(t testing.TB, sent string) rich.Text {
	t.Helper()
	text, err := rich.Parse(sent)
	if err != nil {
		t.Fatalf("%.80q is refused: %v", sent, err)
	}
	return text
}

func TestParseRefusesWhatIsTooLong(t *testing.T) {
	for name, sent := range map[string]string{
		"typed":          strings.Repeat("é", rich.Max+1),
		"from an editor": "<p>" + strings.Repeat("a", rich.Max+1) + "</p>",
		"all markup":     strings.Repeat("<p></p>", rich.Max*10/7+1),
	} {
		_, err := rich.Parse(sent)
		var e *fail.Error
		if !errors.As(err, &e) || e.Kind != fail.Invalid || e.Key != "ui.text-too-long" {
			t.Errorf("%s: %v", name, err)
		}
		if name != "all markup" && rich.Draft(sent).Empty() {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	if got := parse(t, strings.Repeat("é", rich.Max)); got.Empty() {
		t.Error("a text of the greatest length is lost")
	}
}

func TestParseDropsWhatRuns(t *testing.T) {
	for sent, want := range map[string]string{
		`<p>a<script>alert(1)</script>b</p>`:                                     `<p>ab</p>`,
		`<p onclick="alert(1)" style="color:red" class="x" id="main">a</p>`:      `<p>a</p>`,
		`<p><a href="javascript:alert(1)">a</a></p>`:                             `<p>a</p>`,
		`<p><a href=" JaVa&#10;Script:alert(1)">a</a></p>`:                       `<p>a</p>`,
		`<p><a href="data:text/html,x">a</a><a href="/logout">b</a></p>`:         `<p>ab</p>`,
		`<p><a href="https://school.test:pass@evil.test/">a</a></p>`:             `<p>a</p>`,
		`<p><img src=x onerror=alert(1)>a<iframe src="//x"></iframe></p>`:        `<p>a</p>`,
		`<div><svg><style><img src=x onerror=alert(1)></style></svg>a</div>`:     `<p>a</p>`,
		`<p><math><mtext><table><mglyph><style><!--</style><img>a</p>`:           ``,
		`<p>a</p><style>p{display:none}</style><!-- b --><form><button>c</form>`: `<p>a</p>`,
		`<p><noscript><p title="</noscript><img src=x onerror=alert(1)>"></p>`:   `<p>&#34;&gt;</p>`,
		`<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>`:                           `<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>`,
		`<script>alert(1)</script>`:                                              `<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>`, // typed: it is shown
	} {
		if got := parse(t, sent).HTML(); got != want {
			t.Errorf("%s\n gives %s\n  want %s", sent, got, want)
		}
	}
}

func TestParseOfAnEditor(t *testing.T) {
	const ref = ` rel="noopener noreferrer nofollow"`
	for sent, want := range map[string]string{
		`<p>Bonjour <b>à <i>tous</i></b>,<br></p><p><br></p><p>demain&nbsp;: piscine</p>`: "<p>Bonjour <strong>à </strong><strong><em>tous</em></strong>,</p><p>demain\u00a0: piscine</p>",
		`<div>a</div><div>b<br>c</div>`: `<p>a</p><p>b<br>c</p>`,
		`<p>a<br><br>b</p>`:             `<p>a</p><p>b</p>`,
		`<h1>Sortie</h1>au zoo`:         `<h3>Sortie</h3><p>au zoo</p>`,
		`<ul><li><div>un</div></li><li><div>deux<br></div></li></ul>`:             `<ul><li>un</li><li>deux</li></ul>`,
		`<ol><li>a<ul><li>b</li></ul></li></ol>`:                                  `<ol><li>a<ul><li>b</li></ul></li></ol>`,
		`<ul><li>a</li><ul><li>b</li></ul></ul>`:                                  `<ul><li>a<ul><li>b</li></ul></li></ul>`,
		`<ul><li></li></ul><p> &nbsp; </p>`:                                       ``,
		`<p><br></p>`:                                                             ``,
		`<blockquote><p>a</p><blockquote>b</blockquote></blockquote>`:             `<blockquote><p>a</p><p>b</p></blockquote>`,
		`<p><u>a</u><span>b</span><font color="red">c</font></p>`:                 `<p><u>a</u>bc</p>`,
		`<p>a <b></b><b> </b> b` + "\u200b\u0007" + `</p>`:                        `<p>a b</p>`,
		`<p><a href="https://zoo.test/?a=1&amp;b=2">le <b>zoo</b></a></p>`:        `<p><a href="https://zoo.test/?a=1&amp;b=2"` + ref + `>le <strong>zoo</strong></a></p>`,
		`<p><a href="www.zoo.test">x</a></p>`:                                     `<p><a href="https://www.zoo.test"` + ref + `>x</a></p>`,
		`<p><a href="tel:+33199001234">x</a></p>`:                                 `<p><a href="tel:+33199001234"` + ref + `>x</a></p>`,
		`<p>x</p><table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>`: `<p>x</p><p>a b</p><p>c</p>`,
	} {
		if got := parse(t, sent).HTML(); got != want {
			t.Errorf("%s\n gives %s\n  want %s", sent, got, want)
		}
	}
}

func TestParseOfWhatWasTyped(t *testing.T) {
	const ref = ` rel="noopener noreferrer nofollow"`
	for sent, want := range map[string]string{
		"":             "",
		" \r\n\t \r\n": "",
		"\u200b":       "",
		"Bonjour,\r\nla piscine est fermée.\r\n\r\nÀ demain": `<p>Bonjour,<br>la piscine est fermée.</p><p>À demain</p>`,
		"1 < 2 & <b>gras</b>":                              `<p>1 &lt; 2 &amp; &lt;b&gt;gras&lt;/b&gt;</p>`,
		"Apporter :\n- un maillot\n- une serviette\nMerci": `<p>Apporter :</p><ul><li>un maillot</li><li>une serviette</li></ul><p>Merci</p>`,
		"1. lire\n2) relire\n\n- a":                        `<ol><li>lire</li><li>relire</li></ol><ul><li>a</li></ul>`,
		"- a\n\n- b":                                       `<ul><li>a</li></ul><ul><li>b</li></ul>`,
		"3. Rendre le cahier":                              `<p>3. Rendre le cahier</p>`,
		"- un\n  et sa suite":                              `<ul><li>un<br>et sa suite</li></ul>`,
		"-5 degrés":                                        `<p>-5 degrés</p>`,
		"Voir https://zoo.test/a_(b).":                     `<p>Voir <a href="https://zoo.test/a_(b)"` + ref + `>https://zoo.test/a_(b)</a>.</p>`,
		"(WWW.zoo.test)":                                   `<p>(<a href="https://WWW.zoo.test"` + ref + `>WWW.zoo.test</a>)</p>`,
		"«\u00a0https://zoo.test\u00a0»":                   "<p>«\u00a0<a href=\"https://zoo.test\"" + ref + ">https://zoo.test</a>\u00a0»</p>",
		"anne.petit@ecole.test, merci":                     `<p><a href="mailto:anne.petit@ecole.test"` + ref + `>anne.petit@ecole.test</a>, merci</p>`,
		"C’est fini.Merci ecole.fr":                        `<p>C’est fini.Merci ecole.fr</p>`, // a full stop without its space is no address
		"xhttps://zoo.test":                                `<p>xhttps://zoo.test</p>`,
		"javascript:alert(1)":                              `<p>javascript:alert(1)</p>`,
	} {
		if got := parse(t, sent).HTML(); got != want {
			t.Errorf("%q\n gives %s\n  want %s", sent, got, want)
		}
	}
}

func TestEmpty(t *testing.T) {
	for _, sent := range []string{"", " ", "\u00a0\n", "<p><br></p>", "<p>&nbsp;</p><p></p>", "<ul><li> </li></ul>", "<p>\u200b<b>\u2060</b></p>"} {
		if !parse(t, sent).Empty() {
			t.Errorf("%q is not empty: %s", sent, parse(t, sent).HTML())
		}
	}
	if parse(t, "<p>0</p>").Empty() || !(rich.Text{}).Empty() {
		t.Error("what is empty is not known")
	}
}

func TestPlain(t *testing.T) {
	const sent = `<h3>Sortie</h3><p>Bonjour,<br>nous allons au <a href="https://zoo.test/plan">zoo</a> ; écrire à <a href="mailto:a@b.test">a@b.test</a>.</p>` +
		`<ul><li>un <b>pull</b><ol><li>chaud</li></ol></li><li>un goûter<br>sans noix</li></ul><blockquote><p>a</p><p>b</p></blockquote>`
	const want = "Sortie\n\nBonjour,\nnous allons au zoo (https://zoo.test/plan) ; écrire à a@b.test.\n\n" +
		"- un pull\n  1. chaud\n- un goûter\n  sans noix\n\na\n\nb"
	text := parse(t, sent)
	if got := text.Plain(); got != want {
		t.Errorf("%q\nwant %q", got, want)
	}
	list := parse(t, "Apporter\n\n- un maillot\n  de bain\n- 2 serviettes\n\n1. partir\n2. revenir")
	if again := parse(t, list.Plain()); again != list {
		t.Errorf("lists become %s", again.HTML())
	}
}

func TestExcerpt(t *testing.T) {
	text := parse(t, "<p>Demain, piscine.</p><ul><li>un maillot</li><li>un <b>bonnet</b></li></ul><p>À 9 h</p>")
	for n, want := range map[int]string{
		100: "Demain, piscine. un maillot · un bonnet À 9 h",
		45:  "Demain, piscine. un maillot · un bonnet À 9 h",
		44:  "Demain, piscine. un maillot · un bonnet À 9…",
		12:  "Demain…",
		8:   "Demain…",
		4:   "Dem…",
	} {
		if got := text.Excerpt(n); got != want {
			t.Errorf("%d letters: %q, want %q", n, got, want)
		}
	}
	if got := parse(t, "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧").Excerpt(2); got != "👩‍👩‍👧…" {
		t.Errorf("a letter is cut: %q", got)
	}
}

// What is stored is shown as it is, unless somebody has changed it.
func TestLoad(t *testing.T) {
	text := parse(t, `<p>« <b>a</b> » & 'b' "c" <a href="https://zoo.test/?a=é&b">d</a></p><ul><li>e</li></ul>`)
	if again := rich.Load(text.HTML()); again != text {
		t.Errorf("%s becomes %s", text.HTML(), again.HTML())
	}
	var out strings.Builder
	if err := rich.Load(`<p onclick="x">a<script>b</script></p>`).Component().Render(context.Background(), &out); err != nil || out.String() != "<p>a</p>" {
		t.Errorf("%s %v", out.String(), err)
	}
}

// A title takes the level of the page that it is on, and words do not.
func TestTitled(t *testing.T) {
	var out strings.Builder
	if err := parse(t, "<h3>a</h3><p>&lt;h3&gt;</p>").Titled(2).Render(context.Background(), &out); err != nil || out.String() != "<h2>a</h2><p>&lt;h3&gt;</p>" {
		t.Errorf("%s %v", out.String(), err)
	}
}

var allowed = map[string][]string{
	"p": nil, "h3": nil, "blockquote": nil, "ul": nil, "ol": nil, "li": nil, "br": nil, "strong": nil, "em": nil, "u": nil,
	"a": {"href", "rel"},
}

var scheme = regexp.MustCompile(`^(https?|mailto|tel):`)

// wrong names what a text may not hold.
func wrong(text string) string {
	tokens := html.NewTokenizer(strings.NewReader(text))
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return ""
		case html.TextToken:
			if strings.ContainsAny(string(tokens.Raw()), "<>") {
				return string(tokens.Raw())
			}
		case html.CommentToken, html.DoctypeToken:
			return string(tokens.Raw())
		default:
			token := tokens.Token()
			attributes, ok := allowed[token.Data]
			if !ok {
				return token.String()
			}
			for _, a := range token.Attr {
				if !slices.Contains(attributes, a.Key) || a.Key == "href" && !scheme.MatchString(a.Val) {
					return token.String()
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "<p>a</p>", "Bonjour\n\n- un\n- deux\n  suite\n1. a\n2. b", "a@b.fr www.x.fr https://x.fr/é(a)»", "<ul><li>a<ol><li>b<ul><li>c<ul><li>d</ul></ol></ul>",
		`<p><a href="http://a.fr">http://b.fr</a>http://c.fr<b>/d</b></p>`, `<p><a href="java&#x0A;script:x">y</a><img src=x onerror=y>`,
		"<p>a&nbsp; b\u200b\u00a0c<br><br> <br>d</p><h2>e<br><br>f</h2>", "<blockquote><ul><li><blockquote>a</blockquote></ul>b</blockquote>",
		`<p><svg><a xlink:href="javascript:x">`, "<div><p><table><td>a<tr><p>b", "<p>\u0301e<b>\u0301</b>\x00\xff</p>",
		"<ul><ul><li>a</ul>b<li><ol><li></ol><ul><li>c", "<p><plaintext>a</p>", `<p><a href="mailto:a@b.fr?subject=x y">a</a>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		text, err := rich.Parse(sent)
		if err != nil {
			return
		}
		if found := wrong(text.HTML()); found != "" {
			t.Fatalf("%q holds %s: %s", sent, found, text.HTML())
		}
		again, err := rich.Parse(text.HTML())
		if err != nil || again != text {
			t.Fatalf("%q\ngives %s\n then %s %v", sent, text.HTML(), again.HTML(), err)
		}
		if loaded := rich.Load(text.HTML()); loaded != text {
			t.Fatalf("%s is loaded as %s", text.HTML(), loaded.HTML())
		}
		if text.Empty() != (text.Plain() == "") || text.Empty() != (text.Excerpt(20) == "") {
			t.Fatalf("%q: %q is empty or not", sent, text.HTML())
		}
	})
}

func BenchmarkParse(b *testing.B) {
	sent := strings.Repeat("<p>Bonjour <b>à tous</b>, écrivez à anne.petit@ecole.test ou lisez https://zoo.test/plan.</p><ul><li>un</li></ul>", 20)
	b.SetBytes(int64(len(sent)))
	for b.Loop() {
		parse(b, sent)
	}
}
