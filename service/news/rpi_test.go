package news_test

import (
	"fmt"
	"net/http"
	"testing"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// The head of a school of an RPI tells something to all its schools; a teacher does not, nor
// whoever is of another. A school that left hears nothing of it, and its head may still take back
// what they said.
func TestNewsOfAnRPI(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		var rpi school.ID
		h.Write(func(tx *db.Tx) (err error) {
			if _, err := tx.Exec(`DELETE FROM directory_within WHERE ancestor_id IN (SELECT id FROM directory_structure WHERE kind = 'rpi')`); err != nil {
				return err
			}
			if rpi, err = directory.MakeGrouping(tx, c.school, "Clairpré"); err != nil {
				return err
			}
			return directory.Withins.Insert(tx, directory.Within{Structure: c.nextDoor, Ancestor: rpi})
		})
		h.Later(1e9)
		head, teacher := h.Enter(c.head, school.Head), h.Enter(c.teacher, school.Teacher)
		parent, nextParent, otherParent := h.Enter(c.parent, school.Guardian), h.Enter(c.nextParent, school.Guardian), h.Enter(c.otherParent, school.Guardian)
		form := fmt.Sprintf("/news/new/school/%s/rpi/%s", c.school, rpi)
		head.Get("/news/new").Wants(http.StatusOK, "Toutes les écoles du regroupement", form)
		teacher.Get(form).Wants(http.StatusNotFound)
		send(teacher, form, feast()).Wants(http.StatusNotFound)
		h.Enter(c.otherHead, school.Head).Get(form).Wants(http.StatusNotFound)
		head.Get(fmt.Sprintf("/news/new/school/%s/rpi/%s", c.school, h.Above(c.school, directory.Commune))).Wants(http.StatusNotFound)
		head.Get(form+"?who&to=families").Wants(http.StatusOK, "Les familles du regroupement de Clairpré")
		item := published(head, form, feast("title", "Fête du regroupement"))
		parent.Get(item).Wants(http.StatusOK, "Fête du regroupement")
		nextParent.Get(item).Wants(http.StatusOK, "Fête du regroupement")
		nextParent.Get("/news/").Wants(http.StatusOK, "Fête du regroupement")
		otherParent.Get(item).Wants(http.StatusNotFound)
		h.Enter(c.nextHead, school.Head).SendFiles(item+"/amend", feast()).Wants(http.StatusNotFound)
		head.SendFiles(item+"/amend", feast("title", "Grande fête", "front", "1")).Wants(http.StatusSeeOther)
		nextParent.Get(item).Wants(http.StatusOK, "Grande fête")
		if n := h.One(`SELECT count(*) FROM audience_address WHERE audience = $1`, string(audience.Audience{Place: audience.RPI, Of: rpi, Side: audience.Families}.ID())); n != 1 {
			t.Errorf("%d addresses of the families of the RPI", n)
		}
		if n := h.One(`SELECT count(*) FROM news_item WHERE front`); n != 0 {
			t.Error("what is for several schools is on top of one")
		}
		h.Write(func(tx *db.Tx) error { return directory.LeaveGrouping(tx, c.school, rpi) })
		send(head, form, feast()).Wants(http.StatusNotFound)
		head.SendFiles(item+"/amend", feast("title", "Encore")).Wants(http.StatusNotFound)
		parent.Get(item).Wants(http.StatusNotFound)
		nextParent.Get(item).Wants(http.StatusOK, "Grande fête")
		head.Post(item+"/remove", nil).Wants(http.StatusSeeOther)
	})
}
