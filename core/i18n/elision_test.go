package i18n

import (
	"preau/core/school"
	"testing"
	"time"
)

func TestOf(t *testing.T) {
	for name, want := range map[string]string{
		"Arjun Arnoux": "d’Arjun Arnoux", "Éloi": "d’Éloi", "œil": "d’œil", "Louise": "de Louise",
		"Hugo": "de Hugo", "Hélène Roy": "d’Hélène Roy", "Henriette": "d’Henriette", "Yanis": "de Yanis", "": "de ",
		"École maternelle Les Lilas": "de l’école maternelle Les Lilas", "Classe de Mme Roy": "de la classe de Mme Roy", "Groupe scolaire Zola": "du groupe scolaire Zola",
		"Classe": "de Classe", "Ilyès": "d’Ilyès",
	} {
		if got := in(t, French).Of(name); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := in(t, English).Of("Arjun"); got != "of Arjun" {
		t.Errorf("%q", got)
	}
}

func TestSpan(t *testing.T) {
	now := time.Date(2026, 10, 5, 12, 0, 0, 0, school.Paris)
	for _, c := range []struct {
		from, until     int // days from now
		french, english string
	}{
		{0, 1, "d’aujourd’hui à demain", "from today to tomorrow"},
		{1, 4, "de demain au vendredi 9\u00a0octobre", "from tomorrow to Friday 9 October"},
		{-1, 0, "d’hier à aujourd’hui", "from yesterday to today"},
		{4, 7, "du vendredi 9\u00a0octobre au lundi 12\u00a0octobre", "from Friday 9 October to Monday 12 October"},
	} {
		for lang, want := range map[Lang]string{French: c.french, English: c.english} {
			if got := in(t, lang).Span(now.AddDate(0, 0, c.from), now.AddDate(0, 0, c.until), now); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

func TestOfDay(t *testing.T) {
	now := time.Date(2026, 9, 7, 12, 0, 0, 0, time.UTC)
	for days, want := range map[int][2]string{
		0:  {"d’aujourd’hui", "of today"},
		-1: {"d’hier", "of yesterday"},
		1:  {"de demain", "of tomorrow"},
		-3: {"du vendredi 4\u00a0septembre", "of Friday 4 September"},
	} {
		day := now.AddDate(0, 0, days)
		for i, lang := range []Lang{French, English} {
			if got := in(t, lang).OfDay(day, now); got != want[i] {
				t.Errorf("%q, want %q", got, want[i])
			}
		}
	}
}
