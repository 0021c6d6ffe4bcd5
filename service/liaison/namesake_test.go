package liaison_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// namesakes gives the last pupil of the class the name of the first, and has each a birthday.
func (h *town) namesakes(f families) (twin school.ID) {
	h.T.Helper()
	twin = h.One(`SELECT max(person_id) FROM directory_membership WHERE class_id = $1 AND role = 'pupil' AND person_id <> $2`, f.class, f.pupil)
	one := h.Who(f.pupil)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE directory_person SET first_name = $1, usual_name = $2, sort_key = $3, birth_date = '2021-05-30' WHERE id = $4`, one.First, one.Usual, one.SortKey, twin)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`UPDATE directory_person SET birth_date = '2021-01-06' WHERE id = $1`, f.pupil)
		return err
	})
	return twin
}

// Two children of a class who have one name are told apart by their birthdays wherever the school
// reads or writes something of one of them, and nobody else's is said.
func TestNamesakesAreToldApart(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		twin := h.namesakes(f)
		name := h.Who(f.pupil).Name()
		january, may := name+" (anniversaire le 6\u00a0janvier)", name+" (anniversaire le 30\u00a0mai)"
		teacher, head := h.Enter(f.teacher, school.Teacher), h.Enter(h.Head(h.near[0]), school.Head)
		mother := h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		for _, path := range []string{word + "/follow", word + "/paper", word + "/slips", word + "/follow.csv"} {
			teacher.Get(path).Wants(http.StatusOK, january, may)
		}
		teacher.Get(word+"/paper?child="+twin.String()).Wants(http.StatusOK, may)
		talons := teacher.Post(word+"/slips", url.Values{"who": {"all"}})
		talons.Wants(http.StatusOK)
		printed := printedText(h.T, talons)
		for _, want := range []string{january + " ·", may + " ·"} {
			if !strings.Contains(printed, strings.ReplaceAll(want, "\u00a0", " ")) {
				h.T.Errorf("no talon of %q in\n%s", want, printed)
			}
		}

		note := tells(mother, teacher, today(f.pupil))
		teacher.Get("/").Wants(http.StatusOK, january+" · Absence, aujourd’hui")
		for _, path := range []string{"/liaison/notes", note} {
			for _, reader := range []string{teacher.Get(path).Text(), head.Get(path).Text()} {
				if !strings.Contains(reader, january+" · Absence, aujourd’hui") || strings.Contains(reader, may) {
					h.T.Errorf("%s does not say of whom it is:\n%s", path, reader)
				}
			}
		}
		mother.Get(note).Lacks(http.StatusOK, "anniversaire")
	})
}

// What families say names the class to whoever follows several, and to nobody else.
func TestWhatFamiliesSayNamesTheClass(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, head := h.Enter(f.teacher, school.Teacher), h.Enter(h.Head(h.near[0]), school.Head)
		note := tells(h.Enter(f.mother, school.Guardian), teacher, today(f.pupil))
		classes := h.Classes(h.near[0])
		at := slices.IndexFunc(classes, func(c directory.ClassView) bool { return c.ID == f.class })
		label := classes[at].Label
		line := label + " · " + h.Who(f.mother).Name()
		head.Get("/liaison/notes").Wants(http.StatusOK, line)
		head.Get(note).Wants(http.StatusOK, line)
		teacher.Get("/liaison/notes").Lacks(http.StatusOK, line)
		teacher.Get("/").Lacks(http.StatusOK, label+" · aujourd’hui")
		h.Attach(classes[(at+1)%len(classes)].ID, f.teacher)
		teacher = h.Enter(f.teacher, school.Teacher)
		teacher.Get("/liaison/notes").Wants(http.StatusOK, line)
		teacher.Get("/").Wants(http.StatusOK, label+" · aujourd’hui")
	})
}

// Brothers and sisters come in one order, that of the home page: the youngest level first.
func TestSiblingsComeInOneOrder(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		mate := h.One(`SELECT min(person_id) FROM directory_membership WHERE class_id = $1 AND role = 'pupil' AND person_id <> $2`, f.class, f.pupil)
		h.siblings(f, mate)
		teacher, mother := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian)
		word := publish(teacher, f.class, outing(f.class))
		for _, young := range []school.ID{f.pupil, mate} {
			older := f.pupil + mate - young
			h.Write(func(tx *db.Tx) error {
				for code, child := range map[string]school.ID{"A": young, "B": older} {
					if _, err := tx.Exec(`UPDATE directory_enrolment SET level_code = $1 WHERE person_id = $2`, code, child); err != nil {
						return err
					}
				}
				return nil
			})
			for _, path := range []string{"/", "/liaison/", word} {
				var named []string
				for _, tag := range childTag.FindAllStringSubmatch(mother.Get(path).Text(), -1) {
					named = append(named, tag[1])
				}
				if want := []string{h.Who(young).First, h.Who(older).First}; len(named) < 2 || !slices.Equal(named[:2], want) {
					h.T.Errorf("%s names %q, not %q", path, named, want)
				}
			}
		}
	})
}
