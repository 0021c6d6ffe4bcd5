package directory_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/fail"
	"preau/core/personal"
	"preau/core/school"
	"preau/directory"
)

// The places of these tests: two schools of one commune in two
// circonscriptions, one département, one académie; and a third school
// elsewhere.
const (
	lilas school.ID = iota + 1
	tilleuls
	orme
	valmont // communes
	hautmont
	north // circonscriptions
	south
	department
	academy
	project
)

func write(t *testing.T, d *db.DB, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// settle writes the places.
func settle(tx *db.Tx) error {
	kinds := map[school.ID]directory.Kind{
		lilas: directory.School, tilleuls: directory.School, orme: directory.School,
		valmont: directory.Commune, hautmont: directory.Commune, north: directory.Circonscription, south: directory.Circonscription,
		department: directory.Department, academy: directory.Academy, project: directory.Project,
	}
	for id := lilas; id <= project; id++ {
		name := string(kinds[id]) + id.String()
		err := directory.Structures.Insert(tx, directory.Structure{
			ID: id, Ref: name, Kind: kinds[id], Name: name, NameKey: school.Fold(name), From: db.At(tx.Now),
		})
		if err != nil {
			return err
		}
	}
	for in, above := range map[school.ID][]school.ID{
		lilas:    {valmont, north, department, academy},
		tilleuls: {valmont, south, department, academy},
		orme:     {hautmont, south, department, academy},
		north:    {valmont, department, academy}, // its office is in the town
	} {
		for _, up := range above {
			if err := directory.Withins.Insert(tx, directory.Within{Structure: in, Ancestor: up}); err != nil {
				return err
			}
		}
	}
	return nil
}

func anne(at school.ID, role directory.ReferentRole) directory.Referent {
	return directory.Referent{Structure: at, Role: role, Name: "Anne Essai", Mail: "anne@ac.test"}
}

func TestWhatIsNoReferent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			if err := settle(tx); err != nil {
				return err
			}
			if _, err := directory.AddReferent(tx, anne(valmont, directory.LocalAuthority)); err != nil {
				return err
			}
			with := func(r directory.Referent, change func(*directory.Referent)) directory.Referent {
				change(&r)
				return r
			}
			ien := anne(north, directory.Inspector)
			for name, c := range map[string]struct {
				r     directory.Referent
				field string // at fault
			}{
				"an inspector of a school":     {anne(lilas, directory.Inspector), "role"},
				"a support of an académie":     {anne(academy, directory.ProjectSupport), "role"},
				"an unknown role":              {anne(academy, "chef"), "role"},
				"nobody":                       {with(ien, func(r *directory.Referent) { r.Name = "  " }), "name"},
				"two people in one":            {with(ien, func(r *directory.Referent) { r.Person = 77 }), "name"},
				"a book":                       {with(ien, func(r *directory.Referent) { r.Name = strings.Repeat("é", 121) }), "name"},
				"a name of what is not seen":   {with(ien, func(r *directory.Referent) { r.Name = "\x00 \u202e" }), "name"},
				"out of reach":                 {with(ien, func(r *directory.Referent) { r.Mail = "" }), "mail"},
				"half a mail":                  {with(ien, func(r *directory.Referent) { r.Mail = "anne@" }), "mail"},
				"a mail with a name":           {with(ien, func(r *directory.Referent) { r.Mail = "Anne <anne@ac.test>" }), "mail"},
				"a mail of two lines":          {with(ien, func(r *directory.Referent) { r.Mail = "anne@ac.test\r\nBcc: x@y.test" }), "mail"},
				"a word for a telephone":       {with(ien, func(r *directory.Referent) { r.Phone = "poste douze" }), "phone"},
				"half a telephone":             {with(ien, func(r *directory.Referent) { r.Phone = "01 9" }), "phone"},
				"a script":                     {with(ien, func(r *directory.Referent) { r.URL = "javascript:alert(1)" }), "url"},
				"another scheme":               {with(ien, func(r *directory.Referent) { r.URL = "ftp://ac.test/aide" }), "url"},
				"a page with a password":       {with(ien, func(r *directory.Referent) { r.URL = "https://a:b@ac.test/" }), "url"},
				"an agent shown to families":   {with(ien, func(r *directory.Referent) { r.Families = true }), "families"},
				"a rank too far":               {with(ien, func(r *directory.Referent) { r.Rank = 100 }), "rank"},
				"an end before its beginning":  {with(ien, func(r *directory.Referent) { r.Until = db.At(tx.Now) }), "until"},
				"somebody who is there, twice": {with(anne(valmont, directory.LocalAuthority), func(r *directory.Referent) { r.Name = "ANNE  ESSAI" }), "name"},
			} {
				_, err := directory.AddReferent(tx, c.r)
				if wrong := fail.InField(err); wrong == nil || wrong.Field != c.field || wrong.Key == "" {
					t.Errorf("%s: %v, want a fault of %s", name, err, c.field)
				}
			}
			if _, err := directory.AddReferent(tx, anne(999, directory.Inspector)); !fail.Is(err, fail.NotFound) {
				t.Errorf("a référent of nowhere: %v", err)
			}
			all, err := directory.Referents.All(tx, "1 = 1")
			if len(all) != 1 {
				t.Errorf("%d référents are kept, want the first", len(all))
			}
			return err
		})
	}, directory.Schema())
}

func TestHowReachIsKept(t *testing.T) {
	d := dbtest.SQLite(t, directory.Schema())
	write(t, d, func(tx *db.Tx) error {
		if err := settle(tx); err != nil {
			return err
		}
		for i, c := range []struct{ phone, kept, url, whole string }{
			{"0199001234", "01 99 00 12 34", "canope.test/aide", "https://canope.test/aide"},
			{"+33 (0)1.99.00-12/34", "01 99 00 12 34", "http://canope.test", "http://canope.test"},
			{"+33 1 99 00 12 34", "01 99 00 12 34", "", ""},
			{"+352 621 00 00 00", "+352621000000", "", ""},
			{"3020", "3020", "", ""},
			{"01\u00a099\u202f00 12 34", "01 99 00 12 34", "", ""},
		} {
			r := anne(academy, directory.CanopeWorkshop)
			r.Name, r.Phone, r.URL = r.Name+string(rune('a'+i)), c.phone, c.url
			kept, err := directory.AddReferent(tx, r)
			if err != nil || kept.Phone != c.kept || kept.URL != c.whole {
				t.Errorf("%q, %q are kept as %q, %q: %v", c.phone, c.url, kept.Phone, kept.URL, err)
			}
		}
		return nil
	})
}

// names are who is called, in order, with their places.
func names(t *testing.T, tx *db.Tx, families bool, places ...school.ID) (all []string) {
	t.Helper()
	called, err := directory.CalledFor(tx, families, places...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range called {
		all = append(all, c.Who)
	}
	return all
}

// employ gives people a function in the school of the lilas, until an instant.
func employ(tx *db.Tx, until db.Time, people ...school.ID) error {
	for _, person := range people {
		err := directory.Functions.Insert(tx, directory.Function{
			Person: person, Structure: lilas, Profile: school.Teacher, From: db.At(tx.Now.AddDate(0, -1, 0)), Until: until,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWhoIsCalledForWhom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			if err := settle(tx); err != nil {
				return err
			}
			gone := db.At(tx.Now.Add(-time.Hour))
			people := map[school.ID]directory.Person{
				201: {ID: 201, FirstName: "Zoé", UsualName: "Ici"},
				202: {ID: 202, FirstName: "Luc", UsualName: "Parti", Departed: gone},
				203: {ID: 203, FirstName: "Léo", UsualName: "Remercié"},
			}
			for _, p := range people {
				if err := directory.Persons.Insert(tx, p); err != nil {
					return err
				}
			}
			if err := employ(tx, db.Time{}, 201, 202); err != nil {
				return err
			}
			if err := employ(tx, gone, 203); err != nil {
				return err
			}
			for _, r := range []directory.Referent{
				{Structure: project, Role: directory.ProjectSupport, Name: "assistance", Families: true},
				{Structure: academy, Role: directory.InformationServices, Name: "dsi"},
				{Structure: academy, Role: directory.DigitalDelegation, Name: "dane"},
				{Structure: department, Role: directory.DepartmentOffice, Name: "dsden"},
				{Structure: north, Role: directory.Inspector, Name: "ien nord"},
				{Structure: south, Role: directory.Inspector, Name: "ien sud"},
				{Structure: valmont, Role: directory.LocalAuthority, Name: "mairie", Families: true},
				{Structure: valmont, Role: directory.LocalAuthority, Name: "mairie, l’an prochain", From: db.At(tx.Now.AddDate(0, 9, 0))},
				{Structure: valmont, Role: directory.LocalAuthority, Name: "mairie, avant", Rank: 1, From: db.At(tx.Now.AddDate(0, -9, 0)), Until: gone},
				{Structure: lilas, Role: directory.DigitalReferent, Person: 201, Families: true},
				{Structure: tilleuls, Role: directory.DigitalReferent, Person: 202, Families: true},
				{Structure: tilleuls, Role: directory.DigitalReferent, Person: 203, Families: true},
				{Structure: tilleuls, Role: directory.AreaAdviser, Person: 404},
			} {
				r.Mail = "x@ac.test"
				if _, err := directory.AddReferent(tx, r); err != nil {
					return err
				}
			}
			for name, c := range map[string]struct {
				families bool
				places   []school.ID
				want     string
			}{
				"a school, its families":        {true, []school.ID{lilas}, "Zoé Ici, mairie, assistance"},
				"a school":                      {false, []school.ID{lilas}, "Zoé Ici, mairie, ien nord, dsden, dane, dsi, assistance"},
				"who departed or was dismissed": {false, []school.ID{tilleuls}, "mairie, ien sud, dsden, dane, dsi, assistance"},
				"two schools, each once":        {false, []school.ID{tilleuls, lilas}, "Zoé Ici, mairie, ien nord, ien sud, dsden, dane, dsi, assistance"},
				"a school of elsewhere":         {false, []school.ID{orme}, "ien sud, dsden, dane, dsi, assistance"},
				"an area in one commune":        {false, []school.ID{north}, "mairie, ien nord, dsden, dane, dsi, assistance"},
				"an area in two":                {false, []school.ID{south}, "ien sud, dsden, dane, dsi, assistance"},
				"an académie":                   {false, []school.ID{academy}, "dsden, dane, dsi, assistance"},
				"the project":                   {false, []school.ID{project}, "assistance"},
				"nowhere":                       {true, nil, "assistance"},
			} {
				if got := strings.Join(names(t, tx, c.families, c.places...), ", "); got != c.want {
					t.Errorf("%s: %s, want %s", name, got, c.want)
				}
			}
			called, err := directory.CalledFor(tx, false, lilas, tilleuls)
			for _, c := range called {
				want := map[string][]school.ID{"ien nord": {lilas}, "mairie": {lilas, tilleuls}, "assistance": nil}
				if schools, asked := want[c.Who]; asked && !slices.Equal(c.Schools, schools) {
					t.Errorf("%s is for %v, want %v", c.Who, c.Schools, schools)
				}
			}
			return err
		})
	}, directory.Schema())
}

func TestReferentsAreCorrectedAndEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var kept directory.Referent
		write(t, d, func(tx *db.Tx) (err error) {
			if err := settle(tx); err != nil {
				return err
			}
			kept, err = directory.AddReferent(tx, anne(academy, directory.InformationServices))
			return err
		})
		write(t, d, func(tx *db.Tx) error {
			if _, err := directory.CorrectReferent(tx, directory.Referent{ID: kept.ID, Structure: department, Name: "x", Mail: "x@ac.test"}); !fail.Is(err, fail.NotFound) {
				t.Errorf("corrected through another structure: %v", err)
			}
			if err := directory.EndReferent(tx, department, kept.ID, 7); !fail.Is(err, fail.NotFound) {
				t.Errorf("ended through another structure: %v", err)
			}
			same := kept
			for _, c := range []struct {
				change func(*directory.Referent)
				want   []string
			}{
				{func(*directory.Referent) {}, nil},
				{func(r *directory.Referent) { r.Phone = "0199000000" }, []string{"reach"}},
				{func(r *directory.Referent) { r.Phone, r.Name, r.Rank = "01 99 00 00 00", "Autre", 2 }, []string{"who", "rank"}},
			} {
				c.change(&same)
				changed, err := directory.CorrectReferent(tx, same)
				if err != nil || !slices.Equal(changed, c.want) {
					t.Errorf("%v has changed, want %v: %v", changed, c.want, err)
				}
			}
			put := anne(academy, directory.InformationServices)
			put.Name, put.Phone = "autre", "01 99 00 00 01"
			if _, did, err := directory.PutReferent(tx, put); err != nil || !slices.Equal(did, []string{"who", "reach"}) {
				t.Errorf("putting who is there: %v, %v", did, err)
			}
			if _, did, err := directory.PutReferent(tx, put); err != nil || did != nil {
				t.Errorf("putting it again: %v, %v", did, err)
			}
			if _, did, err := directory.PutReferent(tx, anne(academy, directory.InformationServices)); err != nil || !slices.Equal(did, []string{"new"}) {
				t.Errorf("putting somebody else: %v, %v", did, err)
			}
			if err := directory.ResumeReferent(tx, academy, kept.ID, 7); !fail.Is(err, fail.NotFound) {
				t.Errorf("who was not ended is taken back: %v", err)
			}
			return directory.EndReferent(tx, academy, kept.ID, 7)
		})
		write(t, d, func(tx *db.Tx) error {
			if who := names(t, tx, false, academy); !slices.Equal(who, []string{"Anne Essai"}) {
				t.Errorf("%v are called after the end", who)
			}
			if err := directory.EndReferent(tx, academy, kept.ID, 7); !fail.Is(err, fail.NotFound) {
				t.Errorf("ended twice: %v", err)
			}
			again := anne(academy, directory.InformationServices)
			again.Name = "Autre"
			again, err := directory.AddReferent(tx, again)
			if err != nil {
				return err
			}
			if err := directory.ResumeReferent(tx, academy, kept.ID, 7); !fail.Is(err, fail.Invalid) {
				t.Errorf("who was replaced under the same name is taken back: %v", err)
			}
			if err := directory.EndReferent(tx, academy, again.ID, 7); err != nil {
				return err
			}
			later := *tx
			later.Now = tx.Now.AddDate(0, 0, 31)
			if err := directory.ResumeReferent(&later, academy, kept.ID, 7); !fail.Is(err, fail.NotFound) {
				t.Errorf("who ended more than a month ago is taken back: %v", err)
			}
			if err := directory.ResumeReferent(tx, academy, kept.ID, 7); err != nil {
				return err
			}
			if who := names(t, tx, false, academy); !slices.Equal(who, []string{"Anne Essai", "autre"}) { // by rank
				t.Errorf("%v are called once the end is taken back", who)
			}
			return nil
		})
	}, directory.Schema())
}

// Who is ended before they begin is no obstacle to being recorded again.
func TestAReferentToComeIsEnded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, settle)
		write(t, d, func(tx *db.Tx) error {
			next := anne(lilas, directory.DigitalReferent)
			next.From = db.At(tx.Now.AddDate(0, 2, 0))
			r, err := directory.AddReferent(tx, next)
			if err != nil {
				return err
			}
			if err := directory.EndReferent(tx, lilas, r.ID, 0); err != nil {
				return err
			}
			again, _, err := directory.PutReferent(tx, next)
			if err != nil || again.ID == r.ID {
				t.Errorf("recorded again as %v: %v", again.ID, err)
			}
			return directory.EndReferent(tx, lilas, again.ID, 0)
		})
	}, directory.Schema())
}

// A référent of the register leaves it with the person, and follows them when
// two records are made one.
func TestReferentsFollowThePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			if err := settle(tx); err != nil {
				return err
			}
			for _, p := range []directory.Person{{ID: 201, UsualName: "Un"}, {ID: 202, UsualName: "Deux"}} {
				if err := directory.Persons.Insert(tx, p); err != nil {
					return err
				}
			}
			if err := employ(tx, db.Time{}, 201, 202); err != nil {
				return err
			}
			_, err := directory.AddReferent(tx, directory.Referent{Structure: lilas, Role: directory.DigitalReferent, Person: 202, Phone: "3020"})
			if err != nil {
				return err
			}
			if err := directory.Merge(tx, 201, 202); err != nil {
				return err
			}
			if who := names(t, tx, false, lilas); !slices.Equal(who, []string{"Un"}) {
				t.Errorf("%v are called after the merge", who)
			}
			rows, err := directory.Holdings.Export(tx, 201)
			if err != nil || !slices.ContainsFunc(rows, func(r personal.Row) bool { return r.Table == "directory_referent" && r.Values["phone"] == "3020" }) {
				t.Errorf("the export has %v: %v", rows, err)
			}
			if err := directory.Holdings.Erase(tx, 201); err != nil {
				return err
			}
			if left, err := directory.Referents.All(tx, "1 = 1"); err != nil || len(left) != 0 {
				t.Errorf("%v are left: %v", left, err)
			}
			return nil
		})
	}, directory.Schema())
}
