package onde

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"preau/core/school"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// What every file of the corpus says, whatever its layout and encoding.
var (
	wantPupils = []Pupil{
		{
			Civility: "Mme", Birth: "LESŒUR", First: "Zoé", BirthDate: day(2019, time.February, 1), INE: "111111111AA",
			Level: school.CE2, Cycle: "2", ClassKey: "99999", Class: "Classe de M Ça",
		},
		{
			Civility: "M.", Birth: "D'ESSAI-ŒUF", Usual: "MARTIN", First: "Loïc", BirthDate: day(2018, time.December, 31), INE: "1111111112B",
			Level: school.GS, Cycle: "1", ClassKey: "99998", Class: "GS ; verte",
		},
	}
	wantGuardians = []Guardian{
		{
			Civility: "Mme", Birth: "LESŒUR", First: "Éva", Address: "1 RUE DES TESTS", PostalCode: "78999", Town: "BELLEVILLE", Country: "FRANCE",
			Mail: "eva@exemple.test", HomePhone: "0139980001", MobilePhone: "06 39 98 00 01", Unsaid: []Contact{Shown},
			Children: []Child{
				{Birth: "LESŒUR", First: "Zoé", Class: "Classe de M Ça"},
				{Birth: "D'ESSAI-ŒUF", Usual: "MARTIN", First: "Loïc", Class: "GS ; verte"},
			},
		},
		{
			Civility: "M.", Birth: "D'ESSAI-ŒUF", First: "Noé", Unsaid: []Contact{Shown},
			Children: []Child{{Birth: "D'ESSAI-ŒUF", Usual: "MARTIN", First: "Loïc", Class: "GS ; verte"}},
		},
	}
)

// open reads files of the corpus.
func open(t *testing.T, names ...string) []File {
	t.Helper()
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join("testdata", name+".csv"))
	}
	files, err := Open(paths...)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func corpus(t *testing.T, pattern string) (names []string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", pattern+".csv"))
	if err != nil || len(paths) == 0 {
		t.Fatal(pattern, err)
	}
	for _, path := range paths {
		names = append(names, strings.TrimSuffix(filepath.Base(path), ".csv"))
	}
	return names
}

func TestEveryLayoutEncodingAndQuoting(t *testing.T) {
	nowhere := cmpopts.IgnoreFields(Pupil{}, "Place")
	for _, name := range append(corpus(t, "new-*"), corpus(t, "old-*")...) {
		t.Run(name, func(t *testing.T) {
			e, err := Read(open(t, name))
			if err != nil {
				t.Fatal(err)
			}
			want := slices.Clone(wantPupils)
			if strings.HasPrefix(name, "old") {
				for i := range want {
					want[i].INE, want[i].ClassKey = "", ""
				}
			}
			if diff := cmp.Diff(want, e.Pupils, nowhere); diff != "" {
				t.Error(diff)
			}
			for _, trouble := range e.Troubles {
				if trouble.Kind != DroppedColumn {
					t.Errorf("%+v", trouble)
				}
			}
			if e.Has(Guardians) || e.Files[0].Rows != 2 {
				t.Errorf("%+v", e.Files)
			}
		})
	}
	pupils := open(t, "new-latin9-plain")
	for _, name := range append(corpus(t, "guardians-*"), corpus(t, "numbered-*")...) {
		t.Run(name, func(t *testing.T) {
			e, err := Read(append(open(t, name), pupils...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(wantGuardians, e.Guardians, cmpopts.IgnoreFields(Guardian{}, "Place")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// RU-003 does not allow a pupil's address in the register, nor what the
// council of masters decides: they are counted, and nowhere.
func TestWhatIsNotAllowedIsCountedAndDropped(t *testing.T) {
	e, err := Read(open(t, "new-utf8-plain"))
	if err != nil {
		t.Fatal(err)
	}
	dropped := map[string]int{}
	for _, trouble := range e.Troubles {
		if trouble.Kind != DroppedColumn || trouble.Action != Ignored || trouble.Line != 0 {
			t.Errorf("%+v", trouble)
		}
		dropped[trouble.Column] = trouble.Count
	}
	want := map[string]int{"Adresse1": 2, "Cp1": 2, "Commune1": 2, "Pays1": 2, "Décision de passage": 1}
	if diff := cmp.Diff(want, dropped); diff != "" {
		t.Error(diff)
	}
}

const heads = "Nom élève;Prénom élève;Date naissance;INE;Niveau;Libellé classe"

func text(rows ...string) File {
	return File{Name: "a.csv", Content: []byte(strings.Join(append([]string{heads}, rows...), "\n"))}
}

func TestTroubles(t *testing.T) {
	type told struct {
		Kind   TroubleKind
		Action Action
		Line   int
		Column string
	}
	for name, c := range map[string]struct {
		row  string
		want []told
	}{
		"no name":         {";Zoé;01/02/2019;111111111AA;CP;A", []told{{MissingName, Rejected, 2, "Nom élève"}}},
		"no first name":   {"MARTIN;;01/02/2019;111111111AA;CP;A", []told{{MissingName, Rejected, 2, "Prénom élève"}}},
		"a short row":     {"MARTIN;Zoé;01/02/2019;111111111AA;CP", []told{{NoClass, Kept, 2, "Libellé classe"}}},
		"no date":         {"MARTIN;Zoé;;111111111AA;CP;A", []told{{MissingBirthDate, Kept, 2, "Date naissance"}}},
		"a false date":    {"MARTIN;Zoé;31/02/2019;111111111AA;CP;A", []told{{MalformedDate, Ignored, 2, "Date naissance"}}},
		"a false INE":     {"MARTIN;Zoé;01/02/2019;EN COURS;CP;A", []told{{InvalidINE, Ignored, 2, "INE"}}},
		"another level":   {"MARTIN;Zoé;01/02/2019;111111111AA;ULIS;A", []told{{UnknownLevel, Kept, 2, "Niveau"}}},
		"too long a cell": {"MARTIN;" + strings.Repeat("é", 501) + ";01/02/2019;111111111AA;CP;A", []told{{TooLong, Rejected, 2, "Prénom élève"}}},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := Read([]File{text(c.row, "PETIT;Max;01/02/2019;111111111BB;CP;A")})
			if err != nil {
				t.Fatal(err)
			}
			var got []told
			for _, trouble := range e.Troubles {
				got = append(got, told{trouble.Kind, trouble.Action, trouble.Line, trouble.Column})
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			if last := e.Pupils[len(e.Pupils)-1]; last.First != "Max" || last.Line != 3 {
				t.Errorf("the row that follows: %+v", last)
			}
		})
	}
}

// A stray quote spoils its own row, and none of those that follow.
func TestStrayQuotes(t *testing.T) {
	for name, row := range map[string]string{
		"at the start":  `"MARTIN;Zoé;01/02/2019;111111111AA;CP;A`,
		"in the middle": `MAR"TIN;Zoé;01/02/2019;111111111AA;CP;A`,
		"at the end":    `MARTIN;Zoé;01/02/2019;111111111AA;CP;A"`,
		"around a word": `MARTIN;Zoé;01/02/2019;111111111AA;CP;la "A"`,
		"twice a start": `"MARTIN;Zoé;01/02/2019;111111111AA;CP;"A`,
	} {
		t.Run(name, func(t *testing.T) {
			e, err := Read([]File{text(row, "PETIT;Max;01/02/2019;111111111BB;CP;A", "ROUX;Léa;01/02/2019;111111111CC;CP;A")})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(e.Pupils); n != 3 || e.Pupils[n-1].First != "Léa" || e.Pupils[n-2].Birth != "PETIT" {
				t.Errorf("%+v", e.Pupils)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	guardians := open(t, "guardians-utf8-plain")[0]
	for name, c := range map[string]struct {
		files []File
		want  RefusalKind
	}{
		"nothing":          {nil, NoPupils},
		"guardians alone":  {[]File{guardians}, NoPupils},
		"nobody":           {[]File{text()}, NoPupils},
		"something else":   {[]File{{"b.csv", []byte("a;b;c\n1;2;3\n")}}, NoPupils},
		"no first name":    {[]File{{"b.csv", []byte("Nom élève;Date naissance;INE;Niveau;Classe\nA;01/01/2019;;CP;A\n")}}, MissingColumn},
		"a spreadsheet":    {[]File{{"b.csv", []byte("PK\x03\x04\x00\x00")}}, UnsupportedEncoding},
		"a large file":     {[]File{{"b.csv", bytes.Repeat([]byte("a;"), MaxFileBytes)}}, TooLarge},
		"many files":       {make([]File, MaxFiles+1), TooLarge},
		"many columns":     {[]File{{"b.csv", []byte(heads + strings.Repeat(";", maxCells) + "\n")}}, TooLarge},
		"very many rows":   {[]File{text(slices.Repeat([]string{"A;B;01/01/2019"}, maxRows+1)...)}, TooLarge},
		"half a character": {[]File{{"b.csv", []byte("\xFE\xFF\x00\x00\x00A")}}, UnsupportedEncoding},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(c.files)
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Kind != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func TestPlacesOfFiles(t *testing.T) {
	dir := t.TempDir()
	below := filepath.Join(dir, "responsables")
	if err := os.Mkdir(below, 0o700); err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	for path, name := range map[string]string{
		filepath.Join(dir, "CSVExtraction.csv"): "new-latin9-quoted", filepath.Join(below, "CSVExtraction.csv"): "guardians-latin9-quoted",
	} {
		content := open(t, name)[0].Content
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := archive.Create(name + "/CSVExtraction.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	sent := filepath.Join(t.TempDir(), "ONDE.zip")
	if err := os.WriteFile(sent, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, paths := range map[string][]string{
		"a folder": {dir}, "a zip": {sent}, "both": {dir, sent},
		"files": {filepath.Join(below, "CSVExtraction.csv"), filepath.Join(dir, "CSVExtraction.csv")},
	} {
		t.Run(name, func(t *testing.T) {
			files, err := Open(paths...)
			if err != nil {
				t.Fatal(err)
			}
			e, err := Read(files)
			if err != nil || len(e.Pupils) != 2 || len(e.Guardians) != 2 {
				t.Fatalf("%+v, %v", e, err)
			}
			if e.Files[0].Name == e.Files[1].Name {
				t.Errorf("two files are called %s", e.Files[0].Name)
			}
		})
	}
	for name, path := range map[string]string{"nowhere": filepath.Join(dir, "none"), "an empty folder": t.TempDir()} {
		var refusal *Refusal
		if _, err := Open(path); !errors.As(err, &refusal) || refusal.Kind != NoFile {
			t.Errorf("%s: %v", name, err)
		}
	}
	var refusal *Refusal
	if _, err := Unpack(File{"a.zip", packed.Bytes()[:100]}); !errors.As(err, &refusal) || refusal.Kind != Damaged {
		t.Errorf("half a zip: %v", err)
	}
}

// A browser names files as it likes: reports have room for a name.
func TestNamesOfFiles(t *testing.T) {
	files, err := Unpack(File{"", nil}, File{"../a/b.csv", nil}, File{strings.Repeat("é", 1000) + ".csv", nil}, File{"b.csv\x00\n", nil})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	want := []string{"CSVExtraction.csv", "b.csv", strings.Repeat("é", 60), "b.csv (2)"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

// FuzzRead: whatever the bytes, a reading ends, and says nothing that could
// not be stored.
func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.csv")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		e, err := Read([]File{{"f.csv", content}, text("MARTIN;Zoé;01/02/2019;111111111AA;CP;A")})
		var refusal *Refusal
		if err != nil {
			if !errors.As(err, &refusal) {
				t.Fatal(err)
			}
			return
		}
		for _, p := range e.Pupils {
			if p.Birth == "" || p.First == "" || strings.ContainsAny(p.Birth+p.First+p.Class, "\x00\n\r") || p.Line < 1 {
				t.Errorf("%+v", p)
			}
		}
		for _, g := range e.Guardians {
			if g.Birth == "" || g.First == "" && !g.Service {
				t.Errorf("%+v", g)
			}
		}
	})
}
