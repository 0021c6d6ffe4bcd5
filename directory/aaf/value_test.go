package aaf

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// pupilOf decodes one attribute of a pupil.
func pupilOf(attribute string, values ...string) (*decoder, *Pupil) {
	d := &decoder{codes: map[string]Coded{}, table: pupilTable}
	d.begin(Record{Op: Modify, Category: Pupils, Key: 1})
	a := pupilTable.byName[attribute]
	d.record.given = a.bit
	var spans []span
	text := ""
	for _, v := range values {
		spans = append(spans, span{attribute: a, start: len(text), end: len(text) + len(v)})
		text += v
	}
	d.decode(text, spans)
	return d, d.record.Pupil
}

func TestDates(t *testing.T) {
	for text, want := range map[string]time.Time{
		"29/02/2020": day(2020, time.February, 29), "01/01/1900": day(1900, time.January, 1), "31/12/2026": day(2026, time.December, 31),
	} {
		if got, ok := parseDate(text); !ok || got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	for _, text := range []string{"", "29/02/2019", "31/04/2019", "00/01/2019", "01/13/2019", "1/2/2019", "2019-02-01", "01/01/0000", "01/01/19", "aa/bb/cccc", "01-02-2019", "01/02/2019 "} {
		if got, ok := parseDate(text); ok {
			t.Errorf("%q passed for %v", text, got)
		}
	}
}

func TestBooleans(t *testing.T) {
	for text, want := range map[string]bool{
		"O": true, "o": true, "oui": true, "OUI": true, "true": true, "1": true, "N": false, "non": false, "Non": false, "FALSE": false, "0": false,
	} {
		if d, p := pupilOf("ENTEleveTransport", text); p.Transport != want || len(d.troubles) > 0 {
			t.Errorf("%s: %v %v", text, p.Transport, d.troubles)
		}
	}
	if d, _ := pupilOf("ENTEleveTransport", "2"); len(d.troubles) != 1 || d.troubles[0].Kind != MalformedBoolean || d.record.given != 0 {
		t.Errorf("%v", d.troubles)
	}
}

func TestPhonesAndMails(t *testing.T) {
	d := &decoder{attribute: guardianTable.byName["ENTPersonMail"]}
	for text, want := range map[string]string{
		"+33 1 99 00 00 01": "+33 1 99 00 00 01", "+33199000001": "+33199000001", "0199000001 -": "0199000001", "01.99.00-00 01": "01.99.00-00 01",
		"12345": "", "1234567890123456": "", "N/A": "", "0199000001 poste 3": "", "01+99000001": "", "-": "",
	} {
		var got string
		if d.phone(text, &got); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	for text, want := range map[string]bool{
		"a@b.test": true, "Claude.Essai@Ac-Exemple.test": true, "a+b@c.d.test": true,
		"a": false, "@b.test": false, "a@b": false, "a@.test": false, "a@b@c.test": false, "a b@c.test": false, "a@b.test, c@d.test": false,
		strings.Repeat("a", 250) + "@b.test": false,
	} {
		var got string
		if d.mail(text, &got); (got == text) != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

func TestComposites(t *testing.T) {
	for _, c := range []struct {
		attribute, value string
		kind             Kind
	}{
		{"ENTEleveNiveau", "1121$CP", ""}, {"ENTEleveNiveau", "1121$", ""}, {"ENTEleveNiveau", "9999$A$B", ""}, {"ENTEleveNiveau", "CP", MalformedComposite},
		{"ENTEleveAutoriteParentale", "1$10", ""}, {"ENTEleveAutoriteParentale", " 1 $ 10 ", ""},
		{"ENTEleveAutoriteParentale", "1", MalformedComposite}, {"ENTEleveAutoriteParentale", "1$", MalformedComposite},
		{"ENTEleveAutoriteParentale", "1$10$1$1$1$0", MalformedComposite}, {"ENTEleveAutoriteParentale", "x$10", MalformedReference},
		{"ENTEleveAutoriteParentale", "-1$10", MalformedReference}, {"ENTEleveAutoriteParentale", "99999999999999999999$10", MalformedReference},
		{"ENTElevePersRelEleve", "1$10$1$1$1", MalformedComposite},
		{"ENTPersonClasses", "412$11$ORDINAIRE$73001$CP $ CE1", ""}, {"ENTPersonClasses", "412$11$ORDINAIRE$73001$", ""},
		{"ENTPersonClasses", "412$11$ORDINAIRE$$CP", MalformedComposite}, {"ENTPersonClasses", "412$CP A", MalformedComposite}, {"ENTPersonClasses", "$11$ORDINAIRE$73001$CP", MalformedReference},
		{"ENTEleveDateEntreeClasses", "412$01/09/2025$73001", ""}, {"ENTEleveDateEntreeClasses", "412$$73001", MalformedDate}, {"ENTEleveDateEntreeClasses", "01/09/2025", MalformedComposite},
	} {
		d, _ := pupilOf(c.attribute, c.value)
		if c.kind == "" && len(d.troubles) > 0 || c.kind != "" && (len(d.troubles) != 1 || d.troubles[0].Kind != c.kind) {
			t.Errorf("%s %q: %v", c.attribute, c.value, d.troubles)
		}
	}
	_, p := pupilOf("ENTPersonClasses", "412$11$ORDINAIRE$73001$CP $ CE1", "412$11$ORDINAIRE$73001$CP $ CE1")
	if want := []Membership{{412, Coded{"11", "ORDINAIRE"}, "73001", "CP $ CE1"}}; !slices.Equal(p.Classes, want) {
		t.Errorf("%+v", p.Classes)
	}
}

func FuzzComposite(f *testing.F) {
	f.Add("ENTPersonClasses", "412$11$ORDINAIRE$73001$CP - Mme A")
	f.Add("ENTEleveAutoriteParentale", "3431001$10")
	f.Add("ENTElevePersRelEleve", "3431001$10$1$1$1$0")
	f.Add("ENTEleveDateEntreeClasses", "412$01/09/2025$73001")
	f.Fuzz(func(t *testing.T, attribute, value string) {
		a := pupilTable.byName[attribute]
		value = strings.TrimSpace(value)
		if a == nil || value == "" {
			return
		}
		d, p := pupilOf(attribute, value)
		if d.rejected != slices.ContainsFunc(d.troubles, func(tr Trouble) bool { return tr.Action == Rejected }) {
			t.Fatalf("rejected %v, troubles %v", d.rejected, d.troubles)
		}
		for _, m := range append(p.Classes, p.Groups...) {
			if m.School <= 0 || m.Key == "" || !strings.HasSuffix(value, m.Label) {
				t.Errorf("%q gives %+v", value, m)
			}
		}
		for _, g := range p.Guardians {
			if g.Guardian <= 0 || !digits(g.Link) || strings.Count(value, "$") != 1 {
				t.Errorf("%q gives %+v", value, g)
			}
		}
	})
}

func TestTables(t *testing.T) {
	for _, c := range categories {
		table := tableOf(c)
		if len(table.list) > 64 {
			t.Errorf("%s has %d attributes", c, len(table.list))
		}
		seeds := map[uint64]string{}
		for _, a := range table.list {
			if other := seeds[a.seed]; other != "" || a.read == nil || a.bit == 0 {
				t.Errorf("%s: %s %s", c, a.name, other)
			}
			seeds[a.seed] = a.name
		}
	}
	for name, want := range map[string]fate{
		"ENTPersonFonctionsDate": dated, "ENTEnsFonctionDirDate": dated, "ENTPersonTelPerso": dropped,
		"ENTPersRelEleveProfession": dropped, "ENTEleveBoursier": dropped, "ENTPersonNationalite": dropped, "ENTPersonSituationFamiliale": dropped,
		"sn": unknown, "ENTDate": unknown,
	} {
		a := staffTable.byName[name]
		if a == nil {
			a = staffTable.judge(name)
		}
		if a.fate != want {
			t.Errorf("%s: fate %d", name, a.fate)
		}
	}
}

// A mark that turns the direction of the text is no part of a name.
func TestUnmarked(t *testing.T) {
	for text, want := range map[string]string{
		"GS \u202eREYEM": "GS REYEM", "\u2067a\u2069": "a", "\u061c": "", "N’Diaye – Ø": "N’Diaye – Ø", "plain": "plain",
	} {
		if got := string(unmarked([]byte(text))); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
