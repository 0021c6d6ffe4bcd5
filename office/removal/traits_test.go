package removal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
)

// Who looks for a stolen account among people of one name is told them apart, in the list and once
// one is chosen: by what each is, their class or their child's, and the day when they came in last.
func TestNamesakesAreToldApart(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.settled()
		var label, child string
		var absent school.ID
		h.Write(func(tx *db.Tx) error {
			if err := tx.Get([]any{&label, &child}, `SELECT c.label, p.first_name FROM directory_class c, directory_person p WHERE c.id = $1 AND p.id = $2`, s.class, s.pupil); err != nil {
				return err
			}
			if err := tx.Get([]any{&absent}, `SELECT max(m.person_id) FROM directory_membership m WHERE m.class_id = $1 AND m.role = 'pupil'`, s.class); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE directory_person SET first_name = 'Camille', usual_name = 'Homonyme', sort_key = 'homonyme camille' WHERE id IN ($1, $2, $3)`, s.thief, s.mother, absent)
			return err
		})
		for name, v := range map[string]struct{ path, teacher, mother, absent string }{
			"a head":     {"/removal/school/" + s.at.String() + "/person/", s.thief.String(), s.mother.String(), absent.String()},
			"everywhere": {"/removal/person/", s.thief.String(), s.mother.String(), absent.String()},
		} {
			who := s.head
			if name == "everywhere" {
				who = s.operator
			}
			list := who.Get("/removal/?q=" + url.QueryEscape("homonyme"))
			list.Wants(http.StatusOK, v.path+v.teacher, v.path+v.mother, v.path+v.absent)
			for person, told := range map[string][]string{
				v.teacher: {"Enseignement", label, "dernière connexion\u00a0: aujourd’hui"}, v.mother: {"Parent", label, child, "dernière connexion\u00a0: aujourd’hui"}, v.absent: {"Élève", label, "aucune connexion"},
			} {
				page := who.Get(v.path + person)
				page.Wants(http.StatusOK, "Est-ce la bonne personne")
				_, line, _ := strings.Cut(list.Text(), v.path+person+`"`)
				line, _, _ = strings.Cut(line, "</li>")
				for _, text := range told {
					if !strings.Contains(line, text) {
						t.Errorf("to %s, the list does not say %q of %s: %s", name, text, person, line)
					}
					if !strings.Contains(page.Text(), text) {
						t.Errorf("to %s, the page does not say %q of %s", name, text, person)
					}
				}
			}
		}
	})
}
