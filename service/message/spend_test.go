package message_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"preau/core/school"
	"preau/test/house"
)

// Who sends too many bytes within an hour is told so, keeps what they wrote, and sends it without;
// an hour later they send some again. Others are not concerned.
func TestBytesOfAnHour(t *testing.T) {
	h := onSQLite(t)
	p := h.people()
	large := append(append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("a"), 9<<20)...), "\n%%EOF\n"...)
	sends := func(v house.Visitor, files int) house.Reply {
		t.Helper()
		all := make([][]byte, files)
		for i := range all {
			all[i] = large
		}
		return v.Send(p.childDesk(), says("Un dossier", "Voici tout.", key(p.cast.teacher, p.cast.pupil)), "file", all...)
	}
	for range 4 { // 144 MB
		sends(p.mother, 4).Wants(http.StatusSeeOther)
	}
	again := sends(p.mother, 1)
	again.Wants(http.StatusUnprocessableEntity, "trop de photos et de fichiers en une heure", "Votre texte est gardé", "Voici tout", `value="Un dossier"`)
	again.Lacks(http.StatusUnprocessableEntity, "Fichiers gardés")
	sends(p.mother, 0).Wants(http.StatusSeeOther)
	sends(p.father, 1).Wants(http.StatusSeeOther)
	h.Later(time.Hour)
	sends(h.Enter(p.cast.mother, school.Guardian), 1).Wants(http.StatusSeeOther)
}
