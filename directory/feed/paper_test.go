package feed_test

import (
	"archive/tar"
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// paper is a small delivery, written by a test line by line.
type paper struct {
	mode    string // Complet, Delta
	date    string // 20260901
	academy string
	header  map[string]string // by category, the code that the header of its file gives to the académie
	records map[string][]record
}

// record is one request: its attributes in order, name then values.
type record struct {
	op    string // add, modify, delete
	key   int
	attrs [][]string
}

func complete(date string) *paper {
	return &paper{mode: "Complet", date: date, academy: "VERSAILLES", records: map[string][]record{}}
}
func delta(date string) *paper {
	return &paper{mode: "Delta", date: date, academy: "VERSAILLES", records: map[string][]record{}}
}

func (p *paper) put(category, op string, key int, attrs ...[]string) *paper {
	p.records[category] = append(p.records[category], record{op, key, attrs})
	return p
}

// school puts a primary school of the commune of Belleville.
func (p *paper) school(key int, uai string, more ...[]string) *paper {
	return p.put("EtabEducNat", "add", key, append([][]string{
		{"ENTStructureJointure", fmt.Sprint(key)}, {"ENTStructureUAI", uai},
		{"ENTStructureNomCourant", "E.P.PU$LES LILAS " + uai + "$BELLEVILLE"},
		{"ENTStructureTypeStruct", "ECOLE DE NIVEAU ELEMENTAIRE"}, {"ENTEcoleSecteur", "PU"},
		{"ENTEcoleCommune", "78999$BELLEVILLE$078"}, {"ENTServAcAcademie", p.academy},
	}, more...)...)
}

// pupil puts a pupil of a class, with "key$link" guardians.
func (p *paper) pupil(key int, name, ine string, at int, class, level string, guardians ...string) *paper {
	return p.put("Eleve", "add", key, pupilAttrs(key, name, ine, at, class, level, guardians...)...)
}

func pupilAttrs(key int, name, ine string, at int, class, level string, guardians ...string) [][]string {
	first, usual, _ := strings.Cut(name, " ")
	return [][]string{
		{"ENTPersonJointure", fmt.Sprint(key)}, {"ENTEleveINE", ine}, {"ENTPersonDateNaissance", "04/03/2019"},
		{"ENTPersonCivilite", "Mme"}, {"ENTPersonStructRattach", fmt.Sprint(at)},
		append([]string{"ENTEleveAutoriteParentale"}, guardians...),
		{"ENTEleveRestaurantScolaire", "O"}, {"ENTEleveNiveau", level}, {"ENTEleveCycle", "2$CYCLE II"}, {"ENTEleveTypeClasse", "11$ORDINAIRE"},
		{"ENTPersonClasses", fmt.Sprintf("%d$11$ORDINAIRE$%s", at, class)}, {"ENTPersonGroupes", ""},
		{"ENTPersonNomPatro", usual}, {"ENTPersonNom", usual}, {"ENTPersonPrenom", first}, {"ENTPersonAutresPrenoms", first},
	}
}

func (p *paper) guardian(key int, name string, pupils ...string) *paper {
	first, usual, _ := strings.Cut(name, " ")
	return p.put("PersRelEleve", "add", key,
		[]string{"ENTPersonJointure", fmt.Sprint(key)}, []string{"ENTPersonCivilite", "M."},
		append([]string{"ENTPersRelEleveEleve"}, pupils...),
		[]string{"ENTPersonAdresse", "$$12 RUE DES TESTS$"}, []string{"ENTPersonCodePostal", "78999"}, []string{"ENTPersonVille", "BELLEVILLE"},
		[]string{"ENTPersonPays", "FRANCE"}, []string{"ENTPersonAdresseDiffusion", "N"},
		[]string{"ENTPersRelEleveTelMobile", "+33 6 39 98 00 01"}, []string{"ENTPersonMail", ""},
		[]string{"ENTPersonNomPatro", usual}, []string{"ENTPersonNom", usual}, []string{"ENTPersonPrenom", first}, []string{"ENTPersonAutresPrenoms", first})
}

// teacher puts a member of the staff with "struct$code$label$spec$label"
// functions.
func (p *paper) teacher(key int, name, mail string, directs string, functions ...string) *paper {
	first, usual, _ := strings.Cut(name, " ")
	at, _, _ := strings.Cut(functions[0], "$")
	return p.put("PersEducNat", "add", key,
		[]string{"ENTPersonJointure", fmt.Sprint(key)}, []string{"ENTPersonCivilite", "Mme"},
		[]string{"ENTPersonStructRattach", at}, append([]string{"ENTPersonFonctions"}, functions...),
		[]string{"ENTPersonCategorieEnseignant", "O"}, []string{"ENTEnsFonctionDir", directs},
		[]string{"ENTPersonNomPatro", usual}, []string{"ENTPersonNom", usual}, []string{"ENTPersonPrenom", first},
		[]string{"ENTPersonAutresPrenoms", first}, []string{"ENTPersonMail", mail})
}

const teaches = "$ENS$ENSEIGNEMENT$G0000$SANS SPECIALITE"

// write writes the files in a new folder.
func (p *paper) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, category := range []string{"EtabEducNat", "PersEducNat", "Eleve", "PersRelEleve"} {
		if p.mode == "Delta" && p.records[category] == nil {
			continue
		}
		name := fmt.Sprintf("ENTDEMO_%s_%s_%s_%s_0000.xml", p.academy, p.mode, p.date, category)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(p.file(category)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (p *paper) file(category string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">\n<ficAlimMENESR>\n")
	kind := "categoriePersonne"
	if category == "EtabEducNat" {
		kind = "categorieStructure"
	}
	if code := p.header[category]; code != "" {
		fmt.Fprintf(&b, "<!-- codeAcademieExport=%q -->\n", code)
	}
	for _, r := range p.records[category] {
		fmt.Fprintf(&b, "<%[1]sRequest>\n<operationalAttributes><attr name=%[2]q><value>%[3]s</value></attr></operationalAttributes>\n<identifier><id>%[4]d</id></identifier>\n",
			r.op, kind, category, r.key)
		list, one, operation := "attributes", "attr", ""
		if r.op == "modify" {
			list, one, operation = "modifications", "modification", ` operation="replace"`
		}
		if r.op != "delete" {
			fmt.Fprintf(&b, "<%s>\n", list)
			for _, attr := range r.attrs {
				fmt.Fprintf(&b, "<%s name=%q%s>", one, attr[0], operation)
				for _, value := range attr[1:] {
					b.WriteString("<value>")
					_ = xml.EscapeText(&b, []byte(value)) // a Builder never fails
					b.WriteString("</value>")
				}
				if len(attr) == 1 {
					b.WriteString("<value/>")
				}
				fmt.Fprintf(&b, "</%s>\n", one)
			}
			fmt.Fprintf(&b, "</%s>\n", list)
		}
		fmt.Fprintf(&b, "</%sRequest>\n", r.op)
	}
	b.WriteString("</ficAlimMENESR>\n")
	return b.String()
}

// tgz packs a folder as the académie sends it.
func tgz(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ENT1D.20260901.tgz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed := gzip.NewWriter(file)
	archive := tar.NewWriter(packed)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if err := archive.WriteHeader(&tar.Header{Name: entry.Name(), Mode: 0o600, Size: int64(len(text)), ModTime: time.Unix(0, 0)}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// truncate cuts a file of the category in the middle.
func truncate(t *testing.T, dir, category string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*_"+category+"_0000.xml"))
	if err != nil || len(paths) != 1 {
		t.Fatal(paths, err)
	}
	text, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(paths[0], text[:len(text)-4], 0o600); err != nil {
		t.Fatal(err)
	}
}
