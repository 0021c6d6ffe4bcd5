package village

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// state is what a register knows after some deliveries: the values of each
// attribute, by category and jointure.
type state map[string]map[string][]string

// take applies a delivery, and counts the requests about people.
func (s state) take(t *testing.T, all []asked) (added, modified, deleted Requests) {
	t.Helper()
	for _, a := range all {
		key := a.category + " " + a.id
		count := &added
		switch known := s[key] != nil; {
		case a.verb == "addRequest":
			if known && a.category != string(structures) {
				t.Errorf("%s is added twice", key)
			}
			s[key] = a.values
		case !known:
			t.Errorf("%s of %s, who is unknown", a.verb, key)
		case a.verb == "modifyRequest":
			count = &modified
			next := maps.Clone(s[key])
			maps.Copy(next, a.values)
			if cmp.Equal(next, s[key]) {
				t.Errorf("%s is modified and stays the same", key)
			}
			s[key] = next
		case a.verb == "deleteRequest":
			count = &deleted
			delete(s, key)
		}
		count.count(category(a.category))
	}
	return added, modified, deleted
}

// TestDeltasAddUp replays a first delivery and the deltas of the next days: at
// each, the register is the complete delivery of that day.
func TestDeltasAddUp(t *testing.T) {
	for _, schools := range []int{1, 2, 8} {
		o := Options{Schools: schools, Seed: 11}
		last, _ := write(t, o)
		register := state{}
		register.take(t, read(t, last))
		for o.Day = 1; o.Day <= 4; o.Day++ {
			next := t.TempDir()
			s, err := WriteDelta(last, next, false)
			if err != nil {
				t.Fatal(err)
			}
			added, modified, deleted := register.take(t, read(t, next))
			if added != s.Added || modified != s.Modified || deleted != s.Deleted {
				t.Errorf("day %d: read %v %v %v, and the summary says %+v", o.Day, added, modified, deleted, s)
			}
			if added.Pupils == 0 || added.Guardians == 0 || deleted.Pupils == 0 || modified.Pupils == 0 || modified.Guardians == 0 || added.Staff == 0 {
				t.Errorf("day %d: nothing much happened: %+v", o.Day, s)
			}

			o.Date = day.AddDate(0, 0, o.Day)
			dir, whole := write(t, o)
			want := state{}
			want.take(t, read(t, dir))
			if !reflect.DeepEqual(want, register) { // which takes a tenth of the time of the words
				t.Fatalf("day %d: the deltas give another village (-complete +deltas):\n%.2000s", o.Day, cmp.Diff(want, register))
			}
			if s.Pupils != whole.Pupils || s.Bonds != whole.Bonds || s.Classes != whole.Classes || s.Guardians != whole.Guardians || s.Staff != whole.Staff {
				t.Errorf("day %d: the delta's summary %+v is not the village's %+v", o.Day, s, whole)
			}
			last = next
		}
	}
}

func TestDeltasSpeakAsTheTrueOnes(t *testing.T) {
	first, s := write(t, Options{Schools: 30, Seed: 6})
	dir := t.TempDir()
	if _, err := WriteDelta(first, dir, false); err != nil {
		t.Fatal(err)
	}
	all := read(t, dir)
	if got := len(of(structures, all)); got != s.Structures {
		t.Errorf("%d structures of %d: they come whole", got, s.Structures)
	}
	before := state{}
	before.take(t, read(t, first))
	whole, partial, moved, erased := 0, 0, 0, 0
	for _, a := range all {
		if !strings.Contains(a.file, "_Delta_20260908_") {
			t.Fatalf("a delta in %s", a.file)
		}
		if a.category == string(structures) && a.verb != "addRequest" {
			t.Errorf("%s of a structure", a.verb)
		}
		if a.verb != "modifyRequest" {
			continue
		}
		old := before[a.category+" "+a.id]
		if strings.Join(a.names, " ") == attributes[category(a.category)] {
			whole++
		} else {
			partial++
		}
		for name, values := range a.values {
			if name == "ENTPersonStructRattach" && a.category == string(pupils) && !slices.Equal(values, old[name]) {
				moved++
			}
			if slices.Equal(values, []string{""}) && !slices.Equal(old[name], values) {
				erased++
			}
		}
	}
	if whole <= partial || partial == 0 || moved == 0 || erased == 0 {
		t.Errorf("%d whole images, %d partial ones, %d moves, %d values erased", whole, partial, moved, erased)
	}
}
