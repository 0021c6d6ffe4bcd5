package aaf

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFileName(t *testing.T) {
	for name, want := range map[string]parsedName{
		"ENT1D_ORVALMONT_Complet_20200516_Eleve_0005.xml": {
			"ENT1D_ORVALMONT_Complet_20200516", "ENT1D_ORVALMONT", Complete, day(2020, time.May, 16), Pupils, 5},
		"EnvOLE_ENT2DVA_0940072T_Complet_20180830_EtabEducNat_0000.xml": {
			"EnvOLE_ENT2DVA_0940072T_Complet_20180830", "EnvOLE_ENT2DVA_0940072T", Complete, day(2018, time.August, 30), Structures, 0},
		"ENT_TS_SERVICES_21_Delta_20140225_PersRelEleve_0000.XML": {
			"ENT_TS_SERVICES_21_Delta_20140225", "ENT_TS_SERVICES_21", Delta, day(2014, time.February, 25), Guardians, 0},
		"A_Delta_20130408_Eleve_0000_Complet_20140225_PersEducNat_0012.xml": { // a prefix that looks like another
			"A_Delta_20130408_Eleve_0000_Complet_20140225", "A_Delta_20130408_Eleve_0000", Complete, day(2014, time.February, 25), Staffs, 12},
		"ENT_Delta_201300408_Eleve_0000.xml": {"ENT_Delta_201300408", "ENT", Delta, time.Time{}, Pupils, 0},
		"ENT_Delta_20261301_Eleve_0000.xml":  {"ENT_Delta_20261301", "ENT", Delta, time.Time{}, Pupils, 0},
	} {
		if got, ok := parseFileName(name); !ok || got != want {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	for _, name := range []string{
		"", "ficAlimMENESR.dtd", "ENT_Complet_20200516_MefEducNat_0000.xml", "ENT_Complet_20200516_MatiereEducNat_0000.xml",
		"_Complet_20200516_Eleve_0000.xml", "ENT_Complet_2020051_Eleve_0000.xml", "ENT_Complet_20200516_Eleve_00000.xml",
		"ENT_Complet_20200516_Eleve_0000.xml.zip", "ENT_complet_20200516_Eleve_0000.xml", "ENT\n_Complet_20200516_Eleve_0000.xml",
	} {
		if got, ok := parseFileName(name); ok {
			t.Errorf("%q passed for %+v", name, got)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("ENT1D_ORVALMONT_Complet_20200516_Eleve_0005.xml")
	f.Add("ENT_Delta_201300408_PersRelEleve_0000.XML")
	f.Fuzz(func(t *testing.T, name string) {
		p, ok := parseFileName(name)
		if !ok {
			return
		}
		if !strings.HasPrefix(name, p.delivery+"_"+string(p.category)+"_") || p.prefix == "" ||
			!strings.HasPrefix(p.delivery, p.prefix+"_"+string(p.mode)+"_") || p.chunk < 0 || p.chunk > 9999 ||
			!slices.Contains(categories, p.category) {
			t.Errorf("%q: %+v", name, p)
		}
	})
}

// folderOf makes a folder of empty files.
func folderOf(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestDeliveriesOfAFolder(t *testing.T) {
	dir := folderOf(t, "B_Delta_20260901_Eleve_0000.xml", "B_Complet_20260901_Eleve_0000.xml", "B_Complet_20260901_EtabEducNat_0000.xml",
		"A_Delta_20260901_Eleve_0000.xml", "Z_Complet_20260801_Eleve_0001.xml", "versailles/Z_Complet_20260801_Eleve_0000.xml",
		"ficAlimMENESR.dtd", "old.zip", "B_Complet_20260901_MefEducNat_0000.xml", "too/deep/Z_Complet_20260801_Eleve_0002.xml")
	outside := filepath.Join(folderOf(t, "secret"), "secret")
	if err := os.Symlink(outside, filepath.Join(dir, "Z_Complet_20260801_Eleve_0003.xml")); err != nil {
		t.Fatal(err)
	}
	source, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	var got []string
	for _, d := range source.Deliveries() {
		got = append(got, d.Name)
	}
	want := []string{"Z_Complet_20260801", "A_Delta_20260901", "B_Complet_20260901", "B_Delta_20260901"}
	if !slices.Equal(got, want) {
		t.Errorf("deliveries %q", got)
	}
	if files := source.Deliveries()[0].Files; len(files) != 2 || files[0].Chunk != 0 || files[1].Chunk != 1 {
		t.Errorf("files %+v", files)
	}
	if c := source.Deliveries()[2].Files[0].Category; c != Structures {
		t.Errorf("%s comes before the structures", c)
	}
	ignored := []string{"B_Complet_20260901_MefEducNat_0000.xml", "Z_Complet_20260801_Eleve_0003.xml", "ficAlimMENESR.dtd", "old.zip", "too/deep"}
	if !slices.Equal(source.Ignored(), ignored) {
		t.Errorf("ignored %q", source.Ignored())
	}
}

func TestCheck(t *testing.T) {
	whole := []string{
		"A_Complet_20260901_EtabEducNat_0000.xml", "A_Complet_20260901_PersEducNat_0000.xml",
		"A_Complet_20260901_Eleve_0000.xml", "A_Complet_20260901_Eleve_0001.xml", "A_Complet_20260901_PersRelEleve_0000.xml",
	}
	for name, test := range map[string]struct {
		names []string
		want  RefusalKind
	}{
		"whole":              {whole, ""},
		"a delta of pupils":  {[]string{"A_Delta_20260901_Eleve_0000.xml"}, ""},
		"a hole":             {append(slices.Clone(whole), "A_Complet_20260901_Eleve_0003.xml"), MissingChunk},
		"no chunk 0":         {[]string{"A_Delta_20260901_Eleve_0001.xml"}, MissingChunk},
		"twice":              {append(slices.Clone(whole), "copy/A_Complet_20260901_Eleve_0001.xml"), RepeatedChunk},
		"a category missing": {whole[:4], MissingCategory},
		"nine digits":        {[]string{"A_Delta_201300408_Eleve_0000.xml"}, WrongDate},
		"no day":             {[]string{"A_Delta_20260231_Eleve_0000.xml"}, WrongDate},
	} {
		t.Run(name, func(t *testing.T) {
			source, err := Open(folderOf(t, test.names...))
			if err != nil {
				t.Fatal(err)
			}
			defer source.Close()
			err = source.Deliveries()[0].Check()
			var refusal *Refusal
			if errors.As(err, &refusal) != (test.want != "") || refusal != nil && refusal.Kind != test.want {
				t.Errorf("%v", err)
			}
		})
	}
}
