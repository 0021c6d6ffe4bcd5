package village

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"preau/core/school"
)

// WriteExtraction writes what the head of one school of a village extracts
// from ONDE on the day that o says: the lists of pupils and of guardians, in
// two folders, since ONDE calls both CSVExtraction.csv. They are as ONDE makes
// them: ISO-8859-15, semicolons, CRLF, repeated headers. The counts are those
// of the school.
func WriteExtraction(dir string, o Options, uai school.UAI) (Summary, error) {
	if err := o.check(); err != nil {
		return Summary{}, err
	}
	p := planFor(o.Schools, o.Seed)
	for rank := range p.parcels {
		l := imagine(o, p, rank)
		l.live(o.Day)
		for _, e := range l.schools {
			if e.uai == uai {
				return l.extract(dir, e)
			}
		}
	}
	return Summary{}, fmt.Errorf("%w: no school of it is %s", ErrOptions, uai)
}

func (l *locality) extract(dir string, e *establishment) (Summary, error) {
	sum := Summary{Structures: 1, Schools: 1, Files: 2}
	classes := map[*class]bool{}
	children := [][]string{{
		"Nom élève", "Nom d'usage élève", "Prénom élève", "Date naissance", "Sexe", "INE", "Adresse1", "Cp1", "Commune1", "Pays1",
		"Adresse2", "Cp2", "Commune2", "Pays2", " Cycle", "Niveau", "Libellé classe", "Identifiant classe", "Attestation fournie",
		"Autorisation associations", "Autorisation photo", "Décision de passage",
	}}
	adults := [][]string{{
		"Civilité Responsable", "Nom usage responsable", "Nom responsable", "Prénom responsable", "Adresse responsable", "CP responsable",
		"Commune responsable", "Pays", "Courriel", "Téléphone domicile", "Téléphone travail", "Téléphone portable",
	}}
	most := 0
	for _, f := range l.families {
		for _, p := range f.pupils {
			if p.class.school != e {
				continue
			}
			sum.Pupils, classes[p.class] = sum.Pupils+1, true
			for _, b := range p.bonds {
				if !b.guardian.again {
					sum.Bonds++
				}
			}
			sex := "F"
			if p.civility == mister {
				sex = "M"
			}
			home := p.bonds[0].guardian.home
			children = append(children, []string{
				p.birth, other(p.identity), p.first, p.born.Format("02/01/2006"), sex, string(p.ine), home.line, home.postcode, home.town,
				home.country, "", "", "", "", romanCycles[p.level.Cycle()], p.level.Label, p.class.label, itoa(p.class.id), "Non", "Non", "Oui",
			})
		}
		for _, g := range f.guardians {
			if g.again {
				continue // ONDE has a person once
			}
			row := []string{
				g.civility, other(g.identity), g.birth, g.first, g.home.line, g.home.postcode, g.home.town, g.home.country,
				g.mail, g.contact.home, g.work, g.mobile,
			}
			if g.birth == "" {
				row[2] = g.usual
			}
			here := 0
			for _, p := range g.pupils {
				if p.class.school == e {
					row = append(row, other(p.identity), p.birth, p.first, p.class.label)
					here++
				}
			}
			if here == 0 {
				continue
			}
			sum.Guardians, most = sum.Guardians+1, max(most, here)
			adults = append(adults, row)
		}
	}
	for range most {
		adults[0] = append(adults[0], "Nom d'usage enfant", "Nom de famille enfant", "Prénom enfant", "Classes enfants")
	}
	sum.Classes = len(classes)
	slices.SortFunc(children[1:], slices.Compare)
	slices.SortFunc(adults[1:], slices.Compare)
	for folder, rows := range map[string][][]string{"eleves": children, "responsables": adults} {
		if err := writeSheet(filepath.Join(dir, folder, "CSVExtraction.csv"), rows); err != nil {
			return Summary{}, err
		}
	}
	return sum, nil
}

var romanCycles = map[int]string{1: "CYCLE I", 2: "CYCLE II", 3: "CYCLE III"}

// other is the name that is used, where it is another one.
func other(who identity) string {
	if who.usual == who.birth {
		return ""
	}
	return who.usual
}

func writeSheet(path string, rows [][]string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	out := csv.NewWriter(charmap.ISO8859_15.NewEncoder().Writer(file))
	out.Comma, out.UseCRLF = ';', true
	for _, row := range rows {
		for i, cell := range row {
			row[i] = strings.Map(latin, cell)
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("writing an extraction: %w", err)
	}
	return file.Close()
}

// latin is a letter as ONDE has it: one that ISO-8859-15 lacks loses its accent.
func latin(r rune) rune {
	if _, ok := charmap.ISO8859_15.EncodeRune(r); ok {
		return r
	}
	for _, plain := range norm.NFD.String(string(r)) {
		return plain
	}
	return r
}
