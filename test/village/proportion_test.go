package village

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestProportions compares a département with what is known of true
// deliveries.
func TestProportions(t *testing.T) {
	dir, s := write(t, Options{Schools: 40, Seed: 4})
	all := read(t, dir)
	count := func(c category, is func(asked) bool) float64 {
		n := 0
		list := of(c, all)
		for _, a := range list {
			if is(a) {
				n++
			}
		}
		return float64(n) / float64(len(list))
	}
	filled := func(names ...string) func(asked) bool {
		return func(a asked) bool {
			return slices.ContainsFunc(names, func(n string) bool { return len(a.filled(n)) > 0 })
		}
	}
	several := func(name string, n int) func(asked) bool {
		return func(a asked) bool { return len(a.values[name]) == n }
	}
	classLevels := map[string]map[string]bool{}
	for _, p := range of(pupils, all) {
		class := p.one("ENTPersonClasses")
		if classLevels[class] == nil {
			classLevels[class] = map[string]bool{}
		}
		classLevels[class][p.one("ENTEleveNiveau")] = true
	}
	mixed := 0
	for _, levels := range classLevels {
		if len(levels) > 1 {
			mixed++
		}
	}
	bytesOf := func(c category) float64 {
		files, err := filepath.Glob(filepath.Join(dir, "*_"+string(c)+"_*"))
		if err != nil {
			t.Fatal(err)
		}
		size := int64(0)
		for _, f := range files {
			info, err := os.Stat(f)
			if err != nil {
				t.Fatal(err)
			}
			size += info.Size()
		}
		return float64(size) / float64(len(of(c, all)))
	}
	ratio := func(a, b int) float64 { return float64(a) / float64(b) }
	for _, p := range []struct {
		what       string
		got        float64
		least, top float64
	}{
		{"pupils in a school", ratio(s.Pupils, s.Schools), 140, 200},
		{"classes in a school", ratio(s.Classes, s.Schools), 6, 8.5},
		{"pupils in a class", ratio(s.Pupils, s.Classes), 21, 25},
		{"staff in a school", ratio(s.Staff, s.Schools), 8, 12},
		{"guardians to a pupil", ratio(s.Guardians, s.Pupils), 1.3, 1.5},
		{"bonds of a pupil", ratio(s.Bonds, s.Pupils), 1.75, 1.9},
		{"classes of several levels", ratio(mixed, len(classLevels)), 0.11, 0.22},
		{"pupils in a group", count(pupils, filled("ENTPersonGroupes")), 0.01, 0.03},
		{"pupils with one guardian", count(pupils, several("ENTEleveAutoriteParentale", 1)), 0.13, 0.22},
		{"guardians of one pupil", count(guardians, several("ENTPersRelEleveEleve", 1)), 0.72, 0.82},
		{"guardians of two", count(guardians, several("ENTPersRelEleveEleve", 2)), 0.14, 0.22},
		{"guardians with an address", count(guardians, func(a asked) bool { return a.one("ENTPersonAdresse") != "$$$" }), 0.94, 0.98},
		{"addresses shown", count(guardians, func(a asked) bool { return a.one("ENTPersonAdresseDiffusion") == "O" }), 0.08, 0.12},
		{"mobiles", count(guardians, filled("ENTPersRelEleveTelMobile")), 0.72, 0.80},
		{"home numbers", count(guardians, filled("ENTPersonTelPerso")), 0.11, 0.19},
		{"work numbers", count(guardians, filled("ENTPersRelEleveTelPro")), 0.07, 0.11},
		{"mails", count(guardians, filled("ENTPersonMail")), 0.29, 0.35},
		{"guardians whom one can reach", count(guardians, filled("ENTPersonMail", "ENTPersonTelPerso", "ENTPersRelEleveTelMobile", "ENTPersRelEleveTelPro")), 0.76, 0.82},
		{"organisations", count(guardians, func(a asked) bool { return a.one("ENTPersonCivilite") == "" }), 0.0005, 0.006},
		{"staff with a school", count(staffs, filled("ENTPersonStructRattach")), 0.88, 0.95},
		{"staff with two functions", count(staffs, several("ENTPersonFonctions", 2)), 0.02, 0.09},
		{"heads", count(staffs, filled("ENTEnsFonctionDir")), 0.07, 0.13},
		{"structures in an RPI", count(structures, filled("ENTEcoleRPI")), 0.02, 0.14},
		{"bytes of a pupil", bytesOf(pupils), 1_500, 1_850},
		{"bytes of a guardian", bytesOf(guardians), 1_080, 1_300},
		{"bytes of a teacher", bytesOf(staffs), 950, 1_200},
		{"bytes of a structure", bytesOf(structures), 1_350, 1_750},
	} {
		if p.got < p.least || p.got > p.top {
			t.Errorf("%s: %.4g, out of %g to %g", p.what, p.got, p.least, p.top)
		} else {
			t.Logf("%s: %.4g", p.what, p.got)
		}
	}
}
