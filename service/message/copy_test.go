package message_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/directory"
	"preau/service/message"
)

// taken is what somebody takes away of the messages, as text: what was said, subjects and answers.
func (h *town) taken(person school.ID) string {
	h.T.Helper()
	var all []string
	h.Read(func(tx *db.Tx) error {
		rows, err := personal.Taken(tx, []personal.Steward{message.Holdings}, person, personal.Oneself)
		for _, row := range rows {
			all = append(all, row.Text("body"), row.Text("subject"), row.Text("outcome"))
		}
		return err
	})
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// tells checks what a copy has, and has not.
func (h *town) tells(copied string, has, lacks []string) {
	h.T.Helper()
	for _, one := range has {
		if !strings.Contains(copied, one) {
			h.T.Errorf("the copy has no %q:\n%s", one, copied)
		}
	}
	for _, one := range lacks {
		if strings.Contains(copied, one) {
			h.T.Errorf("the copy has %q:\n%s", one, copied)
		}
	}
}

// Who left a school takes what colleagues said while they worked there, and nothing of what they said since.
func TestWhoLeftTakesWhatColleaguesSaidUntilThen(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		form := says("Le goûter", "Qui vient ?", key(p.cast.other, 0), key(h.Head(p.at), 0))
		form.Set("together", "on")
		talk := begin(p.teacher, p.teamDesk(), form)
		send(p.other, talk, says("", "Moi !")).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		h.tells(h.taken(p.cast.other), []string{"Qui vient ?", "Moi !"}, nil)
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE directory_function SET until_at = $1 WHERE person_id = $2`, db.At(tx.Now), p.cast.other)
			return err
		})
		h.Later(time.Minute)
		send(p.head, talk, says("", "Sans les partants.")).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		h.tells(h.taken(p.cast.other), []string{"Qui vient ?", "Moi !"}, []string{"Sans les partants."})
		h.tells(h.taken(p.cast.teacher), []string{"Qui vient ?", "Moi !", "Sans les partants."}, nil)
	})
}

// A guardian from whom a judge keeps the child takes nothing of what was said about the child, whether they
// are a guardian still or departed since; what they wrote is theirs.
func TestWhoAJudgeKeepsAwayTakesNothingOfTheChild(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Le cahier", "De la mère", key(p.cast.teacher, p.cast.pupil)))
		send(p.teacher, talk, says("", "Il loge chez sa tante")).Wants(http.StatusSeeOther)
		h.Later(time.Minute)
		h.tells(h.taken(p.cast.mother), []string{"De la mère", "Il loge chez sa tante"}, nil)
		h.Write(func(tx *db.Tx) error {
			_, err := directory.Restrict(tx, directory.Restriction{NoAccess: true, Pupil: p.cast.pupil, Guardian: p.cast.mother, Reference: "JAF 12", From: db.At(tx.Now)})
			return err
		})
		h.tells(h.taken(p.cast.mother), []string{"De la mère"}, []string{"Il loge chez sa tante"})
		h.Later(time.Minute)
		h.Write(func(tx *db.Tx) error {
			for _, query := range []string{
				`UPDATE directory_bond SET until_at = $1 WHERE guardian_id = $2`,
				`UPDATE directory_restriction SET until_at = $1 WHERE guardian_id = $2`, // it ends with the bond: they departed under it
			} {
				if _, err := tx.Exec(query, db.At(tx.Now), p.cast.mother); err != nil {
					return err
				}
			}
			return nil
		})
		h.Later(time.Minute)
		h.tells(h.taken(p.cast.mother), []string{"De la mère"}, []string{"Il loge chez sa tante"})
	})
}

// The subject of what others say of a pupil is not the pupil's to take.
func TestAPupilTakesNothingOfWhatAdultsSayOfThem(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		begin(p.mother, p.childDesk(), says("Une inquiétude", "Entre adultes", key(p.cast.teacher, p.cast.pupil)))
		h.tells(h.taken(p.cast.pupil), nil, []string{"Une inquiétude", "Entre adultes"})
		h.tells(h.taken(p.cast.mother), []string{"Entre adultes"}, nil)
	})
}
