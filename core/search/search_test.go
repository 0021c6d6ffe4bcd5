package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/core/search"
)

// everything is a query of all the things of the test, whoever reads.
const everything = `SELECT thing FROM search_thing WHERE room = 'liaison'`

// shelf is the things of a room, by their number.
type shelf struct {
	*testing.T
	*db.DB
}

func each(t *testing.T, f func(shelf)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(shelf{t, d}) }, search.Schema())
}

func (s shelf) write(f func(*db.Tx) error) {
	s.Helper()
	if err := s.Write(s.Context(), f); err != nil {
		s.Fatal(err)
	}
}

func (s shelf) put(thing school.ID, text ...string) {
	s.Helper()
	s.write(func(tx *db.Tx) error { return search.Put(tx, "liaison", thing, text...) })
}

// finds gives what is found among what a query reads, and whether there is more.
func (s shelf) finds(typed, readable string, most int, args ...any) (found []school.ID, more bool) {
	s.Helper()
	err := s.Read(s.Context(), func(tx *db.Tx) (err error) {
		found, more, err = search.Read(typed).Among(tx, "liaison", readable, most, args...)
		return err
	})
	if err != nil {
		s.Fatalf("%q: %v", typed, err)
	}
	return found, more
}

func (s shelf) wants(typed string, want ...school.ID) {
	s.Helper()
	if got, _ := s.finds(typed, everything, 10); !slices.Equal(got, want) {
		s.Errorf("%q finds %v, want %v", typed, got, want)
	}
}

// Whatever the case, the accents, the ligatures, the apostrophes and the number,
// words are found by their beginnings.
func TestWordsAreFound(t *testing.T) {
	each(t, func(s shelf) {
		s.put(1, "Sortie à la piscine", "Les élèves de l’école partent à 9 h 30, avec un goûter.")
		s.put(2, "Les œuvres de Cézanne", "Chaque Élève apporte une photo des chevaux du journal.")
		s.put(3, "Cantine", "Madame la directrice est absente : les commandes sont gratuites. CM1 B")
		for typed, want := range map[string][]school.ID{
			"élève": {2, 1}, "eleve": {2, 1}, "Éleves": {2, 1}, "ELEVES": {2, 1}, "e\u0301le\u0300ve": {2, 1},
			"œuvre": {2}, "oeuvre": {2}, "OEUVRES": {2}, "ŒUVRE": {2},
			"ecole": {1}, "l'école": {1}, "l’ecole": {1}, "d'école": {1}, "L'": {2, 1, 3},
			"pis": {1}, "sor": {1}, "sorties": {1}, "goute": {1}, "sor pis": {1}, "piscine sortie": {1},
			"cheval": {2}, "chevaux": {2}, "journaux": {2}, "photos": {2}, "apportes": {2},
			"absent": {3}, "absentes": {3}, "directeur": {3}, "gratuit": {3}, "commande": {3}, "cm1": {3}, "cm1 b": {3},
			"9 h 30": {1}, "à la piscine": {1}, "la": {1, 3}, "les élèves de la piscine": {1},
			"cine": nil, "cm2": nil, "piscine cantine": nil, "31": nil,
			"": nil, "  ": nil, "’": nil, "!": nil, "%": nil, "_": nil, "z%e": nil, "z_e": nil, "' OR 1=1 --": nil, "\x00": nil, "\xff": nil,
		} {
			s.wants(typed, want...)
		}
		s.wants(strings.Repeat("piscine ", 12)+"zzzzzzzz", 1) // past a hundred letters
		s.wants("piscine sortie eleves ecole partent avec gouter h un 9 h 30 zz", 1)
	})
}

// A slip of the finger is forgiven in a word that begins nothing, and in no other.
func TestSlipsAreForgiven(t *testing.T) {
	each(t, func(s shelf) {
		s.put(1, "Sortie à la piscine", "Départ en autocar")
		s.put(2, "Médiathèque", "La bibliothécaire raconte une histoire de cartes.")
		for typed, want := range map[string][]school.ID{
			"picsine": {1}, "pisine": {1}, "pisscine": {1}, "pixcine": {1}, "pisicne sortie": {1}, "sotrie piscine": {1}, "autocra": {1},
			"medaitheqeu": {2}, "bibliotecaires": {2}, "bibliotécarie": {2}, "bibliotéquaire": nil, "raconte histoier": {2},
			"autocart":          {1}, // not "cartes": it begins nothing, and is nearer to another
			"cartes":            {2}, // which is there
			"pxcxne":            nil, // two slips in six letters
			"zzz":               nil, // too short
			"picsi":             {1}, // the last word may not be finished
			"picsi la":          {1}, // little words do not count
			"mxdiathz histoire": nil, // only the last word may not be finished
		} {
			s.wants(typed, want...)
		}
		s.put(3, "Picsine")
		s.wants("picsine", 3)
	})
}

// The title comes first, then the newest; so many of them, and whether there are
// others.
func TestOrder(t *testing.T) {
	each(t, func(s shelf) {
		s.put(1, "Piscine", "lundi")
		s.put(2, "Lundi", "piscine")
		s.put(3, "Piscine", "mardi")
		s.put(4, "Mardi", "piscine")
		s.wants("piscine", 3, 1, 4, 2)
		s.wants("piscine lundi", 2, 1)
		s.wants("pixcine", 3, 1, 4, 2)
		for most, want := range map[int]bool{3: true, 4: false} {
			if found, more := s.finds("piscine", everything, most); len(found) != most || more != want {
				s.Errorf("%d at most: %v, more %v", most, found, more)
			}
		}
	})
}

// Only what may be read is found, and the words of the rest change nothing.
func TestOnlyWhatMayBeRead(t *testing.T) {
	each(t, func(s shelf) {
		s.put(1, "Piscine")
		s.put(2, "Picsine, secrète")
		s.write(func(tx *db.Tx) error { return search.Put(tx, "message", 1, "Secrète") })
		mine := `SELECT thing FROM search_thing WHERE thing = $1 AND room = $2`
		for typed, want := range map[string]int{"piscine": 1, "picsine": 1, "secrete": 0, "sercete": 0} {
			if found, _ := s.finds(typed, mine, 10, school.ID(1), "liaison"); len(found) != want || want > 0 && found[0] != 1 {
				s.Errorf("%q finds %v", typed, found)
			}
		}
		if found, _ := s.finds("piscine", `SELECT thing FROM search_thing WHERE FALSE`, 10); found != nil {
			s.Errorf("who may read nothing finds %v", found)
		}
		if found, _ := s.finds("piscine", everything+" UNION ALL "+everything, 10); len(found) != 1 {
			s.Errorf("what is readable twice is found as %v", found)
		}
	})
}

// What is put replaces what was, and what is removed is not found.
func TestPutAndRemove(t *testing.T) {
	each(t, func(s shelf) {
		rows := func() (n int) {
			s.write(func(tx *db.Tx) (err error) {
				n, err = db.One(tx, db.Column[int], `SELECT count(*) FROM search_thing`)
				return err
			})
			return n
		}
		s.put(1, "Piscine")
		s.put(1, "Patinoire", "mardi")
		s.put(2, "Patinoire")
		s.wants("piscine")
		s.wants("patinoire", 2, 1)
		s.write(func(tx *db.Tx) error { return search.Remove(tx, "message", 1, 2) })
		s.wants("patinoire", 2, 1)
		s.put(2, " ", "…")
		s.wants("patinoire", 1)
		s.put(3, "", "patinoire")
		s.wants("patinoire", 1, 3)
		s.write(func(tx *db.Tx) error { return search.Remove(tx, "liaison", 1, 3) })
		s.put(4)
		if n := rows(); n != 0 {
			s.Errorf("%d rows are left", n)
		}
		var long strings.Builder
		for i := range 2500 {
			fmt.Fprintf(&long, "mot%d ", i)
		}
		s.put(5, strings.Repeat("é", 60), long.String())
		s.wants("mot1998", 5)
		s.wants("mot1999")
		s.wants(strings.Repeat("é", 50), 5)
	})
}

// Words that are added are found with those that were there, in a title that stays; of a thing of
// which nothing was kept, the first text is the title.
func TestWordsAreAdded(t *testing.T) {
	each(t, func(s shelf) {
		add := func(thing school.ID, text ...string) {
			s.write(func(tx *db.Tx) error { return search.Add(tx, "liaison", thing, text...) })
		}
		s.put(1, "Le cahier", "Bonjour")
		add(1, "Un autre titre", "Demain à l’École, bonjour")
		add(2, "La sortie", "")
		add(2, "La sortie", "Le cahier est prêt")
		s.wants("bonjour", 1)
		s.wants("école", 1)
		s.wants("autre")
		s.wants("cahier", 1, 2) // in the title, then in the text
		s.wants("sortie", 2)
		s.wants("prêts", 2)
	})
}
