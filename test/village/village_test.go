package village

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/core/school"
)

func TestTheSameOptionsGiveTheSameBytes(t *testing.T) {
	text := func(o Options) string {
		dir, _ := write(t, o)
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, f := range files {
			b, err := os.ReadFile(filepath.Join(dir, f.Name()))
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&all, "%s\n%s", f.Name(), b)
		}
		return all.String()
	}
	o := Options{Schools: 6, Seed: 3, Day: 2, Troubles: true}
	first, again := text(o), text(o)
	if first != again {
		t.Error("two deliveries of one village differ")
	}
	other := o
	other.Seed++
	if first == text(other) {
		t.Error("another seed gives the same village")
	}
}

// A village without a head somewhere is the same village, a delta later too.
func TestASchoolWithoutAHead(t *testing.T) {
	o := Options{Schools: 3, Seed: 1}
	last := itoa(firstSchoolID + 2)
	teachers := func(dir string) (all map[string]map[string][]string, heads int) {
		all = map[string]map[string][]string{}
		for _, a := range of(staffs, read(t, dir)) {
			all[a.id] = a.values
			if slices.Contains(a.values["ENTEnsFonctionDir"], last) || slices.Contains(a.values["ENTPersonFonctions"], last+"$"+heading.function+"$"+heading.specialty) {
				heads++
			}
		}
		return all, heads
	}
	headed, _ := write(t, o)
	before, heads := teachers(headed)
	if heads == 0 {
		t.Fatal("the school has no head anyway: the test would prove nothing")
	}
	o.Headless = true
	dir, _ := write(t, o)
	after, heads := teachers(dir)
	if heads != 0 {
		t.Errorf("%d heads", heads)
	}
	changed := 0
	for id := range before {
		if !maps.EqualFunc(before[id], after[id], slices.Equal) {
			changed++
		}
	}
	if changed == 0 || changed > 2 || len(before) != len(after) {
		t.Errorf("%d teachers of %d are others", changed, len(before))
	}
	next := t.TempDir()
	if _, err := WriteDelta(dir, next, false); err != nil {
		t.Fatal(err)
	}
	if _, heads := teachers(next); heads != 0 {
		t.Errorf("%d heads come back", heads)
	}
	o.Schools = 1
	alone, _ := write(t, o)
	o.Headless = false
	same, _ := write(t, o)
	last = itoa(firstSchoolID)
	if _, without := teachers(alone); without == 0 {
		t.Error("the only school has lost its head")
	} else if _, with := teachers(same); with != without {
		t.Error("the only school is another one")
	}
}

// The attributes of each category, in the order of the true deliveries.
var attributes = map[category]string{
	structures: "ENTStructureJointure ENTStructureUAI ENTStructureSIREN ENTStructureNomCourant ENTStructureTypeStruct ENTStructureCodeTypeStruct " +
		"ENTEcoleMinistereTutelle ENTEcoleCodeMinistereTutelle ENTEcoleSecteur ENTEcoleCirconscription ENTEcoleCommune ENTEcoleRPI " +
		"ENTServAcAcademie ENTServAcCodeAcademie ENTStructureAdresse ENTStructureBoitePostale ENTStructureCodePostal ENTStructureVille " +
		"ENTStructureTelephone ENTStructureFax ENTStructureMailSI",
	staffs: "ENTPersonJointure ENTPersonDateNaissance ENTPersonAutresPrenoms ENTPersonCivilite ENTPersonStructRattach ENTPersonFonctions " +
		"ENTPersonCategorieEnseignant ENTEnsFonctionDir ENTEnsSpecialites ENTPersonNomPatro ENTPersonNom ENTPersonPrenom " +
		"ENTPersonAutresPrenoms ENTPersonMail",
	pupils: "ENTPersonJointure ENTEleveINE ENTPersonDateNaissance ENTPersonCivilite ENTPersonStructRattach ENTEleveAutoriteParentale " +
		"ENTEleveRestaurantScolaire ENTEleveTransport ENTEleveGarderieMatin ENTEleveGarderieSoir ENTEleveEtudesSurveillees ENTEleveNiveau " +
		"ENTEleveCycle ENTEleveTypeClasse ENTEleveDateEntreeClasses ENTEleveDateSortieClasses ENTEleveDateEntreeStructRattach " +
		"ENTEleveDateSortieStructRattach ENTPersonClasses ENTPersonGroupes ENTPersonNomPatro ENTPersonNom ENTPersonPrenom ENTPersonAutresPrenoms",
	guardians: "ENTPersonJointure ENTPersonCivilite ENTPersRelEleveEleve ENTPersonAdresse ENTPersonCodePostal ENTPersonVille ENTPersonPays " +
		"ENTPersonAdresseDiffusion ENTPersonTelPerso ENTPersRelEleveTelMobile ENTPersonMail ENTPersRelEleveTelPro ENTPersonNomPatro " +
		"ENTPersonNom ENTPersonPrenom ENTPersonAutresPrenoms",
}

func TestRecordsAreWholeSortedAndChunked(t *testing.T) {
	dir, s := write(t, Options{Schools: 40, Seed: 1})
	all := read(t, dir)
	name := regexp.MustCompile(`^ENTDEMO_ORVALMONT_Complet_20260907_(EtabEducNat|PersEducNat|Eleve|PersRelEleve)_\d{4}\.xml$`)
	perFile := map[string]int{}
	for _, c := range categories {
		last := int64(0)
		for _, a := range of(c, all) {
			perFile[a.file]++
			if !name.MatchString(a.file) || !strings.Contains(a.file, "_"+a.category+"_") {
				t.Fatalf("a record %s in the file %s", c, a.file)
			}
			if a.verb != "addRequest" {
				t.Fatalf("%s in a complete delivery", a.verb)
			}
			if got := strings.Join(a.names, " "); got != attributes[c] {
				t.Fatalf("%s %s has the attributes\n%s\nwanted\n%s", c, a.id, got, attributes[c])
			}
			id, err := strconv.ParseInt(a.id, 10, 64)
			if err != nil || id <= last {
				t.Fatalf("%s %s comes after %d", c, a.id, last)
			}
			last = id
			if a.values["ENTPersonJointure"] != nil && a.one("ENTPersonJointure") != a.id {
				t.Fatalf("%s %s has the jointure %s", c, a.id, a.one("ENTPersonJointure"))
			}
		}
	}
	for file, n := range perFile {
		if n > recordsPerFile {
			t.Errorf("%s holds %d records", file, n)
		}
	}
	if len(perFile) != s.Files || s.Files < 5 {
		t.Errorf("%d files, and the summary says %d", len(perFile), s.Files)
	}
	got := []int{len(of(structures, all)), len(of(staffs, all)), len(of(pupils, all)), len(of(guardians, all))}
	if want := []int{s.Structures, s.Staff, s.Pupils, s.Guardians}; !slices.Equal(got, want) {
		t.Errorf("records %v, and the summary says %v", got, want)
	}
	if s.Added != (Requests{Pupils: s.Pupils, Guardians: s.Guardians, Staff: s.Staff}) {
		t.Errorf("added: %+v", s.Added)
	}
}

func TestReferencesResolve(t *testing.T) {
	for _, o := range []Options{{Schools: 1, Seed: 5}, {Schools: 15, Seed: 5}, {Schools: 12, Seed: 9, Day: 8}} {
		dir, s := write(t, o)
		all := read(t, dir)
		known := map[category]map[string]bool{}
		bonds := map[string]bool{} // "pupil guardian", as each side says
		for _, c := range categories {
			known[c] = map[string]bool{}
			for _, a := range of(c, all) {
				known[c][a.id] = true
			}
		}
		must := func(c category, id, who string) {
			if !known[c][id] {
				t.Errorf("%s names the %s %q, who is unknown", who, c, id)
			}
		}
		classes := map[string]string{}
		for _, p := range of(pupils, all) {
			for _, v := range p.values["ENTEleveAutoriteParentale"] {
				guardian, link, _ := strings.Cut(v, "$")
				must(guardians, guardian, p.id)
				if link == "" {
					t.Errorf("a bond without link: %s", v)
				}
				bonds[p.id+" "+guardian] = true
			}
			class := strings.SplitN(p.one("ENTPersonClasses"), "$", 5)
			if len(class) != 5 || class[0] != p.one("ENTPersonStructRattach") {
				t.Errorf("pupil %s is in the class %q", p.id, class)
			}
			if label := classes[class[3]]; label != "" && label != class[4] {
				t.Errorf("class %s is %q and %q", class[3], label, class[4])
			}
			classes[class[3]] = class[4]
			must(structures, class[0], p.id)
		}
		if len(bonds) != s.Bonds || len(classes) != s.Classes {
			t.Errorf("%d bonds and %d classes, and the summary says %d and %d", len(bonds), len(classes), s.Bonds, s.Classes)
		}
		for _, g := range of(guardians, all) {
			for _, p := range g.values["ENTPersRelEleveEleve"] {
				must(pupils, p, g.id)
				if !bonds[p+" "+g.id] {
					t.Errorf("guardian %s names the pupil %s, who does not", g.id, p)
				}
				delete(bonds, p+" "+g.id)
			}
		}
		if len(bonds) != 0 {
			t.Errorf("%d bonds are said by pupils only", len(bonds))
		}
		for _, p := range of(staffs, all) {
			for _, v := range append(p.filled("ENTPersonStructRattach"), p.filled("ENTEnsFonctionDir")...) {
				must(structures, v, p.id)
			}
			for _, v := range p.values["ENTPersonFonctions"] {
				must(structures, strings.SplitN(v, "$", 5)[0], p.id)
			}
		}
		for _, e := range of(structures, all) {
			for _, v := range e.filled("ENTEcoleCirconscription") {
				must(structures, v, e.id)
			}
		}
	}
}

func TestNothingIsReal(t *testing.T) {
	dir, _ := write(t, Options{Schools: 30, Seed: 2})
	fiction := regexp.MustCompile(`^(?:\+33|0)(?:19900|26191|35301|46571|53649|63998)\d{4}-?$`)
	seen := map[string]bool{}
	once := func(what, value string) {
		if seen[what+value] {
			t.Errorf("two have the %s %s", what, value)
		}
		seen[what+value] = true
	}
	for _, a := range read(t, dir) {
		for _, name := range []string{"ENTStructureTelephone", "ENTPersonTelPerso", "ENTPersRelEleveTelMobile", "ENTPersRelEleveTelPro"} {
			for _, phone := range a.filled(name) {
				if !fiction.MatchString(strings.ReplaceAll(phone, " ", "")) {
					t.Errorf("the number %s may be somebody's", phone)
				}
			}
		}
		for _, name := range []string{"ENTPersonMail", "ENTStructureMailSI"} {
			for _, mail := range a.filled(name) {
				if !strings.HasSuffix(strings.ToLower(mail), ".test") {
					t.Errorf("the mail %s may be somebody's", mail)
				}
				if a.category == string(staffs) {
					once("mail", mail)
				}
			}
		}
		switch category(a.category) {
		case structures:
			if uai := school.UAI(a.one("ENTStructureUAI")); !uai.Valid() {
				t.Errorf("the UAI %s is not valid", uai)
			}
			once("UAI", a.one("ENTStructureUAI"))
			once("SIRET", a.one("ENTStructureSIREN"))
			if c := a.one("ENTEcoleCommune"); !strings.HasPrefix(c, "96") {
				t.Errorf("the commune %s may exist", c)
			}
		case pupils:
			if ine := school.INE(a.one("ENTEleveINE")); !ine.Valid() {
				t.Errorf("the INE %s is not valid", ine)
			}
			once("INE", a.one("ENTEleveINE"))
		}
	}
}

func TestEveryCommuneHasItsName(t *testing.T) {
	room, seen := 0, map[string]bool{}
	for _, d := range departments {
		room += d.communes
	}
	for rank := range room {
		c := communeOf(rank)
		if seen[c.name] || seen[c.insee] || len(c.insee) != 5 {
			t.Errorf("commune %d: %+v", rank, c)
		}
		seen[c.name], seen[c.insee] = true, true
	}
	for seed := range uint64(10) {
		last := planFor(MaxSchools, seed).parcels
		if p := last[len(last)-1]; p.firstCommune+p.communes() > room {
			t.Errorf("seed %d: the largest académie needs more communes than the %d there are", seed, room)
		}
	}
}

func TestTheFirstTownHasWhatDemonstrationsShow(t *testing.T) {
	for seed := range uint64(20) {
		for _, schools := range []int{1, 2, 3, 10} {
			if schools == 10 && seed > 3 {
				continue // the same town as with 3 schools, and a long reading
			}
			t.Run(fmt.Sprintf("seed %d, %d schools", seed+1, schools), func(t *testing.T) {
				t.Parallel()
				dir, _ := write(t, Options{Schools: schools, Seed: seed + 1, Day: int(seed % 4)})
				checkFirstTown(t, read(t, dir), schools)
			})
		}
	}
}

func checkFirstTown(t *testing.T, all []asked, schools int) {
	const first = "401"
	where := map[string]string{} // pupil → school
	levels := map[string]bool{}
	names := map[string]bool{}
	births := map[string]bool{}
	homonyms, twins := 0, 0
	for _, p := range of(pupils, all) {
		where[p.id] = p.one("ENTPersonStructRattach")
		if where[p.id] == first {
			levels[p.one("ENTEleveNiveau")] = true
		}
		name := p.one("ENTPersonNom") + " " + p.one("ENTPersonPrenom")
		if names[name] {
			homonyms++
		}
		names[name] = true
		birth := p.one("ENTPersonDateNaissance") + strings.Join(p.values["ENTEleveAutoriteParentale"], " ")
		if births[birth] {
			twins++
		}
		births[birth] = true
	}
	if homonyms == 0 || twins == 0 {
		t.Errorf("%d homonyms and %d twins", homonyms, twins)
	}
	if want := map[bool]int{true: 8, false: 3}[schools == 1]; len(levels) < want {
		t.Errorf("the first school has the levels %v", levels)
	}

	spread, organisations, adults := 0, 0, map[string]bool{}
	for _, g := range of(guardians, all) {
		places := map[string]bool{}
		for _, p := range g.values["ENTPersRelEleveEleve"] {
			places[where[p]] = true
		}
		if len(g.values["ENTPersRelEleveEleve"]) == 3 && len(places) == min(schools, 2) {
			spread++
		}
		if g.one("ENTPersonCivilite") == "" {
			organisations++
		}
		adults[g.one("ENTPersonNom")+" "+g.one("ENTPersonPrenom")] = true
	}
	if spread == 0 || organisations == 0 {
		t.Errorf("%d guardians of three children in two schools, %d organisations", spread, organisations)
	}

	heads, teachers, parents := 0, 0, 0
	for _, s := range of(staffs, all) {
		if slices.Contains(s.values["ENTEnsFonctionDir"], first) && strings.Contains(s.one("ENTPersonFonctions"), first+"$ENS$ENSEIGNEMENT$D0000$DIRECTION") {
			heads++
		}
		if slices.Contains(s.values["ENTPersonStructRattach"], first) {
			teachers++
		}
		if adults[s.one("ENTPersonNom")+" "+s.one("ENTPersonPrenom")] {
			parents++
		}
	}
	if heads != 1 || teachers < 4 || parents == 0 {
		t.Errorf("the first school has %d heads and %d teachers; %d teachers are parents", heads, teachers, parents)
	}
}

func TestRefusals(t *testing.T) {
	for name, o := range map[string]Options{
		"no school":        {Date: day},
		"too many schools": {Schools: MaxSchools + 1, Date: day},
		"before the first": {Schools: 1, Day: -1, Date: day},
		"no date":          {Schools: 1},
	} {
		if _, err := Write(t.TempDir(), o); !errors.Is(err, ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir, _ := write(t, Options{Schools: 1})
	before := read(t, dir)
	if _, err := Write(dir, Options{Schools: 1, Date: day}); !errors.Is(err, ErrOccupied) {
		t.Errorf("a second delivery in the folder: %v", err)
	}
	if _, err := WriteDelta(dir, dir, false); !errors.Is(err, ErrOccupied) {
		t.Errorf("a delta in the folder: %v", err)
	}
	if after := read(t, dir); len(after) != len(before) {
		t.Errorf("%d records became %d", len(before), len(after))
	}
	if _, err := WriteDelta(t.TempDir(), t.TempDir(), false); !errors.Is(err, ErrUnsigned) {
		t.Errorf("the delta of nothing: %v", err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "ENT_X_Complet_20260907_EtabEducNat_0000.xml"), []byte("<ficAlimMENESR/>\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteDelta(foreign, t.TempDir(), false); !errors.Is(err, ErrUnsigned) {
		t.Errorf("the delta of another's delivery: %v", err)
	}
}

func TestTheDayOfADateIsItsOwn(t *testing.T) {
	// A delivery dated in the evening, somewhere, is of that day there.
	evening := time.Date(2026, time.September, 7, 23, 30, 0, 0, time.FixedZone("", -5*3600))
	dir, _ := write(t, Options{Schools: 1, Date: evening})
	if all := read(t, dir); !strings.Contains(all[0].file, "_20260907_") {
		t.Errorf("it became %s", all[0].file)
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		s, err := Write(b.TempDir(), Options{Schools: 100, Seed: 1, Date: day})
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(s.Bytes)
	}
}
