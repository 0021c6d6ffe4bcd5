package i18n

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func room(french, english string) fs.FS {
	return fstest.MapFS{
		"words/fr.json": {Data: []byte(french)},
		"words/en.json": {Data: []byte(english)},
	}
}

// in speaks a language, of the words that every catalogue has.
func in(t *testing.T, lang Lang) Printer {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return Printer{Catalogue: c, Lang: lang}
}

func TestLoadRefusesHoles(t *testing.T) {
	for name, c := range map[string]struct {
		french, english, want string
	}{
		"no English":   {`{"a.b": "x"}`, `{}`, "no English text"},
		"no French":    {`{}`, `{"a.b": "x"}`, "no French text"},
		"other places": {`{"a.b": "%[1]s"}`, `{"a.b": "x"}`, "other places"},
		"not JSON":     {`{`, `{}`, "fr.json"},
		"three forms":  {`{"a.b": "x|y"}`, `{"a.b": "x|y|z"}`, "3 plural forms in en, which has 2"},
	} {
		if _, err := Load(room(c.french, c.english)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Load(fstest.MapFS{}); err == nil {
		t.Error("a room without words was accepted")
	}
	one := room(`{"a.b": "x"}`, `{"a.b": "x"}`)
	if _, err := Load(one, one); err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("a key claimed twice: %v", err)
	}
}

func TestSay(t *testing.T) {
	c, err := Load(room(
		`{"a.child": "un enfant|%[1]d enfants", "a.hello": "Bonjour %[1]s", "a.plain": "100 %"}`,
		`{"a.child": "one child|%[1]d children", "a.hello": "Hello %[1]s", "a.plain": "100%"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{French, "a.child", []any{0}, "un enfant"},
		{French, "a.child", []any{2}, "2 enfants"},
		{English, "a.child", []any{0}, "0 children"},
		{English, "a.child", []any{1}, "one child"},
		{"tr", "a.hello", []any{"Zoé"}, "Bonjour Zoé"},
		{French, "a.plain", nil, "100 %"},
	} {
		if got := c.Say(s.lang, s.key, s.args...); got != s.want {
			t.Errorf("%s in %s = %q, want %q", s.key, s.lang, got, s.want)
		}
	}
	if langs := c.Langs(); len(langs) < 2 || langs[0] != French || langs[1] != English {
		t.Errorf("langs = %v", langs)
	}
}

func TestDatesAreSaidAsPeopleDo(t *testing.T) {
	now := time.Date(2026, 9, 4, 20, 0, 0, 0, time.UTC)
	fr, en := in(t, French), in(t, English)
	for got, want := range map[string]string{
		fr.Moment(now.Add(-26*time.Hour), now): "hier à 20\u00a0h\u00a000",
		fr.Day(now, now):                       "aujourd’hui",
		fr.Day(now.AddDate(0, 0, 1), now):      "demain",
		fr.Day(now.AddDate(0, 0, -3), now):     "mardi 1er\u00a0septembre",
		fr.Day(now.AddDate(-1, 0, 0), now):     "jeudi 4\u00a0septembre 2025",
		en.Day(now.AddDate(0, 0, -4), now):     "Monday 31 August",
		// 22:30 UTC is the next day in Paris.
		fr.Day(now.Add(150*time.Minute), now): "demain",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1600000: "1\u202f600\u202f000", -1200: "-1\u202f200"} {
		if got := in(t, French).Number(n); got != want {
			t.Errorf("%d = %q", n, got)
		}
	}
}

// A child is said what is for children, where the language has it; everybody else
// hears nothing of it.
func TestAChildIsSpokenTo(t *testing.T) {
	if _, err := Load(room(`{"a.hello-tu": "Salut"}`, `{}`)); err == nil || !strings.Contains(err.Error(), "children only") {
		t.Errorf("a text for children without the one for everybody: %v", err)
	}
	if _, err := Load(room(`{"a.wait": "Attendez %[1]d", "a.wait-tu": "Attends"}`, `{"a.wait": "Wait %[1]d"}`)); err == nil || !strings.Contains(err.Error(), "other places") {
		t.Errorf("a text for children that tells less: %v", err)
	}
	c, err := Load(room(
		`{"a.wait": "Attendez", "a.wait-tu": "Attends", "a.same": "Bonjour", "a.short": "Trop court", "a.short-tu": "Trop petit"}`,
		`{"a.wait": "Wait", "a.same": "Hello", "a.short": "Too short", "a.short-tu": "Too little"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		lang         Lang
		key          string
		adult, child string
	}{
		{French, "a.wait", "Attendez", "Attends"},
		{French, "a.same", "Bonjour", "Bonjour"},
		{English, "a.wait", "Wait", "Wait"},
		{English, "a.short", "Too short", "Too little"},
		{"tr", "a.wait", "Attendez", "Attends"},
	} {
		p := Printer{Catalogue: c, Lang: s.lang}
		if got := p.Say(s.key); got != s.adult {
			t.Errorf("%s, %s to an adult: %q", s.lang, s.key, got)
		}
		p.Child = true
		if got := p.Say(s.key); got != s.child {
			t.Errorf("%s, %s to a child: %q", s.lang, s.key, got)
		}
	}
}

// A language has its own plural forms, for whole numbers.
func TestPluralForms(t *testing.T) {
	said := fstest.MapFS{
		"words/fr.json": {Data: []byte(`{"a.child": "un enfant|%[1]d enfants"}`)},
		"words/en.json": {Data: []byte(`{"a.child": "one child|%[1]d children"}`)},
		"words/uk.json": {Data: []byte(`{"a.child": "%[1]d дитина|%[1]d дитини|%[1]d дітей"}`)},
		"words/ro.json": {Data: []byte(`{"a.child": "un copil|%[1]d copii|%[1]d de copii"}`)},
		"words/ar.json": {Data: []byte(`{"a.child": "لا أطفال|طفل واحد|طفلان|%[1]d أطفال|%[1]d طفلًا|%[1]d طفل"}`)},
	}
	c, err := Load(said)
	if err != nil {
		t.Fatal(err)
	}
	for lang, forms := range map[Lang]map[int]string{
		"fr": {1: "un enfant", 1588: "1\u202f588 enfants"},
		"uk": {1: "1 дитина", 2: "2 дитини", 5: "5 дітей", 11: "11 дітей", 21: "21 дитина", 0: "0 дітей"},
		"ro": {1: "un copil", 0: "0 copii", 19: "19 copii", 20: "20 de copii", 101: "101 copii"},
		"ar": {0: "لا أطفال", 1: "طفل واحد", 2: "طفلان", 3: "3 أطفال", 11: "11 طفلًا", 100: "100 طفل"},
	} {
		for n, want := range forms {
			if got := c.Say(lang, "a.child", n); got != want {
				t.Errorf("%d in %s: %q, want %q", n, lang, got, want)
			}
		}
	}
	said["words/ar.json"] = &fstest.MapFile{Data: []byte(`{"a.child": "طفل|%[1]d أطفال"}`)}
	if _, err := Load(said); err == nil || !strings.Contains(err.Error(), "2 plural forms in ar, which has 6") {
		t.Errorf("two forms in Arabic: %v", err)
	}
}

// Another language is a file more: it says its name, and the rest may be French.
func TestAnotherLanguage(t *testing.T) {
	said := fstest.MapFS{
		"words/fr.json": {Data: []byte(`{"a.hello": "Bonjour %[1]s", "a.bye": "Au revoir"}`)},
		"words/en.json": {Data: []byte(`{"a.hello": "Hello %[1]s", "a.bye": "Goodbye"}`)},
		"words/fa.json": {Data: []byte(`{"a.hello": "سلام %[1]s"}`)},
	}
	if _, err := Load(said); err == nil || !strings.Contains(err.Error(), "does not say its own name") {
		t.Errorf("a language without a name: %v", err)
	}
	said["words/fa.json"] = &fstest.MapFile{Data: []byte(`{"a.hello": "سلام %[1]s"}`)}
	named := fstest.MapFS{
		"words/fr.json": {Data: []byte(`{}`)}, "words/en.json": {Data: []byte(`{}`)},
		"words/fa.json": {Data: []byte(`{"lang.name": "فارسی"}`)},
	}
	c, err := Load(said, named)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name("fa") != "فارسی" || Lang("fa").Direction() != "rtl" || Lang("uk").Direction() != "ltr" {
		t.Errorf("%q is read %s", c.Name("fa"), Lang("fa").Direction())
	}
	if !c.Speaks("fa", "a") || c.Speaks("tr", "a") || !c.Speaks("tr", "nothing") {
		t.Error("who speaks in which room is wrong")
	}
	// A name and a text in French are read from the left in the midst of the rest.
	for key, want := range map[string]string{"a.hello": "سلام \u2066Zoé\u2069", "a.bye": "\u2066Au revoir\u2069"} {
		if got := c.Say("fa", key, "Zoé"); got != want {
			t.Errorf("%s is said %q", key, got)
		}
	}
	if got := c.Say("fa", "a.hello", "زینب"); got != "سلام زینب" {
		t.Errorf("a name in the same letters is set apart: %q", got)
	}
	if got := c.Say("fa", "a.hello", "https://ent.example.fr/activate"); got != "سلام https://ent.example.fr/activate" {
		t.Errorf("a mark is in a link: %q", got)
	}
	if got := Dots("Mme Bernard", "اليوم"); got != "\u2066Mme Bernard\u2069 · اليوم" {
		t.Errorf("side by side: %q", got)
	}
}

func TestDatesOfFamilies(t *testing.T) {
	now := time.Date(2026, 9, 4, 20, 0, 0, 0, time.UTC)
	for got, want := range map[string]string{
		in(t, "ar").Day(now.AddDate(0, 0, 3), now):       "الاثنين \u20667\u2069 سبتمبر",
		in(t, "tr").Day(now.AddDate(0, 0, 3), now):       "7\u00a0Eylül Pazartesi",
		in(t, "pt").Day(now.AddDate(-1, 0, 0), now):      "quinta-feira, 4 de\u00a0setembro de 2025",
		in(t, "ro").Moment(now, now):                     "astăzi, la ora 22:00",
		in(t, "uk").Span(now, now.AddDate(0, 0, 1), now): "сьогодні – завтра",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
