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

func TestLoadRefusesHoles(t *testing.T) {
	for name, c := range map[string]struct {
		french, english, want string
	}{
		"no English":   {`{"a.b": "x"}`, `{}`, "no English text"},
		"no French":    {`{}`, `{"a.b": "x"}`, "no French text"},
		"other places": {`{"a.b": "%[1]s"}`, `{"a.b": "x"}`, "other places"},
		"not JSON":     {`{`, `{}`, "fr.json"},
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
	if langs := c.Langs(); len(langs) != 2 || langs[0] != French {
		t.Errorf("langs = %v", langs)
	}
}

func TestDatesAreSaidAsPeopleDo(t *testing.T) {
	now := time.Date(2026, 9, 4, 20, 0, 0, 0, time.UTC)
	fr, en := Printer{Lang: French}, Printer{Lang: English}
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
		if got := (Printer{Lang: French}).Number(n); got != want {
			t.Errorf("%d = %q", n, got)
		}
	}
}
