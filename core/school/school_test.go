package school

import (
	"testing"
	"time"
)

func TestUAI(t *testing.T) {
	if got := MakeUAI("0789001"); got != "0789001K" {
		t.Errorf("MakeUAI = %s", got)
	}
	for _, bad := range []UAI{"", "0789001A", "0789001", "078900XK", "0789001KK"} {
		if bad.Valid() {
			t.Errorf("%q passed for a UAI", bad)
		}
	}
}

func TestINE(t *testing.T) {
	for ine, want := range map[INE]bool{
		"123456789AB": true, "1234567890B": true,
		"": false, "12345678901": false, "12345678AAB": false, "123456789ab": false,
	} {
		if ine.Valid() != want {
			t.Errorf("%q: valid = %v", ine, !want)
		}
	}
}

func TestYearTurnsOnTheFirstOfAugust(t *testing.T) {
	for day, want := range map[string]Year{
		"2026-07-31T21:59:59Z": 2025, // 23:59:59 in Paris
		"2026-07-31T22:00:00Z": 2026,
		"2027-01-01T00:00:00Z": 2026,
	} {
		at, err := time.Parse(time.RFC3339, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := YearOf(at); got != want {
			t.Errorf("YearOf(%s) = %d, want %d", day, got, want)
		}
	}
	if got := Year(2026).String(); got != "2026-2027" {
		t.Error(got)
	}
}

// An end is read from the database in UTC, where midnight in Paris is the evening
// of the day before.
func TestTheLastDayIsTheOneBeforeTheEndInParis(t *testing.T) {
	for _, c := range []struct {
		end  time.Time
		want string
	}{
		{time.Date(2026, 7, 3, 22, 0, 0, 0, time.UTC), "2026-07-03"},
		{time.Date(2026, 12, 18, 23, 0, 0, 0, time.UTC), "2026-12-18"},
		{time.Date(2026, 12, 19, 0, 0, 0, 0, Paris), "2026-12-18"},
		{time.Date(2026, 12, 18, 13, 0, 0, 0, time.UTC), "2026-12-18"}, // of what ends before its day
	} {
		if got := LastDay(c.end).Format(time.DateOnly); got != c.want {
			t.Errorf("the last day before %s is %s, want %s", c.end, got, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"D'ESSAI  Zoé":   "d essai zoe",
		"Œuvrard":        "oeuvrard",
		"  LE-GOFF ":     "le goff",
		"Ça, là & ÿ":     "ca la y",
		"e\u0301toile":   "etoile",
		"CP - Mme A.  1": "cp mme a 1",
		"Mar\u200btin":   "martin",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"Zoé  d'Essai ":            "Zoé d'Essai",
		"Essai\r\n\tAnne":          "Essai Anne",
		"Anne\x00Essai\x1f":        "Anne Essai",
		"Anne\u0085Essai\u00a0":    "Anne Essai",
		"Anne \u202eiassE\u202c":   "Anne iassE",
		"\ufeffMar\u200btin\u00ad": "Martin",
		"Es\xffsai":                "Essai",
		"\u200b \x00":              "",
	} {
		got := Clean(in)
		if got != want || Clean(got) != got || Fold(got) != Fold(in) {
			t.Errorf("Clean(%q) = %q, want %q, folded %q", in, got, want, Fold(in))
		}
	}
}

func TestNamesThatAHumanWrites(t *testing.T) {
	for _, name := range []string{
		"Zoé", "D’ESSAI", "Jean-Baptiste", "O'Neill", "M. Dupont, fils", "Ngọc", "Nguyễn", "王芳", "Олена", "محمد", "Łukasz", "E\u0301ric", "Al-Ḥasan",
	} {
		if !IsName(name) || !IsLabel(name) {
			t.Errorf("%q is refused", name)
		}
	}
	for _, name := range []string{
		"", " ", "-", "’", "<script>alert(1)</script>", "a < b", "Zoé 😀", "😀", "12", "Zoé 2", "Zoé©", "a\tb", "Zoé ❤\ufe0f", "a=b", "a\u200db",
	} {
		if IsName(name) {
			t.Errorf("%q is a name of somebody", name)
		}
	}
	for _, label := range []string{"Anglais 2", "CP/CE1 (lundi)", "Chorale n° 1", "Lecture & écriture", "« Les Zèbres »", "6e : maths"} {
		if !IsLabel(label) {
			t.Errorf("%q is refused", label)
		}
	}
	for _, label := range []string{"", "12", "<b>Chorale</b>", "Chorale 😀", "Chorale ★", "1\ufe0f\u20e3 Chorale"} {
		if IsLabel(label) {
			t.Errorf("%q is the name of a group", label)
		}
	}
}

func TestMailHasAPointInItsDomain(t *testing.T) {
	for text, want := range map[string]bool{
		"zoe@ecole.example": true, "z.d@a.b.example": true, "": false, "zoe": false, "zoe@localhost": false, "zoe@ecole.": false,
		"Zoé <zoe@ecole.example>": false, "<zoe@ecole.example>": false, "zoe@.example": false,
	} {
		if IsMail(text) != want {
			t.Errorf("IsMail(%q) is %t", text, !want)
		}
	}
}

func TestIDsGrow(t *testing.T) {
	now := time.Now()
	last := NewID(now)
	for i := range 10_000 {
		id := NewID(now.Add(-time.Duration(i) * time.Millisecond)) // even when the clock steps back
		if id <= last {
			t.Fatalf("%d came after %d", id, last)
		}
		last = id
	}
	again, err := ParseID(last.String())
	if err != nil || again != last {
		t.Errorf("ParseID(%s) = %v, %v", last, again, err)
	}
	for _, bad := range []string{"", "0", "-4", "1e3", "9223372036854775808"} {
		if _, err := ParseID(bad); err == nil {
			t.Errorf("%q passed for an identifier", bad)
		}
	}
}

func TestProper(t *testing.T) {
	for in, want := range map[string]string{
		"LES LILAS":             "Les Lilas",
		"D'ESSAI":               "D'Essai",
		"JEAN-JACQUES ROUSSEAU": "Jean-Jacques Rousseau",
		"SAINT-AUBIN DES PRÉS":  "Saint-Aubin des Prés",
		"SAINT-AUBIN-DES-PRÉS":  "Saint-Aubin-des-Prés",
		"L'HAŸ-LES-ROSES":       "L'Haÿ-les-Roses",
		"LE GOFF":               "Le Goff",
		"Zoé":                   "Zoé",
		"McAllister":            "McAllister",
	} {
		if got := Proper(in); got != want {
			t.Errorf("Proper(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLevelsByTheirNames(t *testing.T) {
	for label, want := range map[string]Level{
		"CE2": CE2, " cm1 ": CM1, "Grande section": GS, "TOUTE PETITE SECTION": TPS, "Cours élémentaire 1ère année": CE1,
		"ULIS": {"", "ULIS"}, "": {},
	} {
		if got := LevelOf(label); got != want {
			t.Errorf("%q is %+v, want %+v", label, got, want)
		}
	}
}
