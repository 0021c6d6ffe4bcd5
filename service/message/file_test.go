package message_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/test/house"
)

// What somebody files waits in a folder of theirs, which nobody else sees; what is said in it
// later is received as all that is new, and stays in the folder.
func TestAConversationIsFiled(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		talk := begin(p.mother, p.childDesk(), says("Le rendez-vous", "Mardi ?", key(p.cast.teacher, p.cast.pupil)))
		p.teacher.Post(talk+"/file", nil).Wants(http.StatusUnprocessableEntity, "donnez un nom")
		p.teacher.Post(talk+"/file", url.Values{"folder": {"Ailleurs"}}).Wants(http.StatusUnprocessableEntity)
		p.teacher.Post(talk+"/file", url.Values{"new": {strings.Repeat("é", 41)}}).Wants(http.StatusUnprocessableEntity)
		p.father.Post(talk+"/file", url.Values{"new": {"Mien"}}).Wants(http.StatusNotFound)
		to := p.teacher.Post(talk+"/file", url.Values{"new": {"Rendez-vous 1/2"}}).Header.Get("Location")
		if to != "/message/folder/Rendez-vous%201%2F2" {
			t.Errorf("filed in %q", to)
		}
		p.teacher.Get(to).Wants(http.StatusOK, "Le rendez-vous")
		p.teacher.Get("/message/folder/Autre").Wants(http.StatusNotFound)
		p.teacher.Get("/message/").Lacks(http.StatusOK, "Le rendez-vous")
		p.teacher.Get("/message/").Wants(http.StatusOK, to, "Rendez-vous 1/2")
		p.teacher.Get(talk).Wants(http.StatusOK, "rangé dans")
		p.mother.Get(to).Wants(http.StatusNotFound)
		p.mother.Get("/message/").Lacks(http.StatusOK, "Rendez-vous 1/2")
		h.Later(60 * 1e9)
		send(p.mother, talk, says("", "Ou jeudi ?")).Wants(http.StatusSeeOther)
		p.teacher.Get("/message/").Wants(http.StatusOK, "Le rendez-vous")
		p.teacher.Get(to).Wants(http.StatusOK, "Le rendez-vous")
		p.teacher.Post(talk+"/file", url.Values{"folder": {"Rendez-vous 1/2"}}).Wants(http.StatusSeeOther)
		p.teacher.Get("/message/").Lacks(http.StatusOK, "Le rendez-vous")
		p.teacher.Post(talk+"/take-out", nil).Wants(http.StatusSeeOther)
		p.teacher.Get(to).Wants(http.StatusNotFound)
		p.teacher.Get("/message/archived").Wants(http.StatusOK, "Le rendez-vous")
	})
}

// A conversation is found by the names of the files of what is said in it.
func TestAConversationIsFoundByItsFiles(t *testing.T) {
	onBoth(t, func(h *town) {
		p := h.people()
		pdf := func(name string) house.Upload {
			return house.Upload{Field: "file", Name: name, Content: house.PDF(name)}
		}
		sent := p.mother.SendFiles(p.childDesk(), says("Le rendez-vous", "Mardi ?", key(p.cast.teacher, p.cast.pupil)), pdf("Attestation_natation.pdf"))
		talk := sent.Header.Get("Location")
		h.Later(60 * 1e9)
		p.teacher.SendFiles(talk, says("", "Voici."), pdf("Bulletin.pdf")).Wants(http.StatusSeeOther)
		for _, name := range []string{"natation", "bulletin"} {
			p.mother.Get("/search?q="+name).Wants(http.StatusOK, talk)
			p.teacher.Get("/search?q="+name).Wants(http.StatusOK, talk)
			p.father.Get("/search?q="+name).Lacks(http.StatusOK, talk)
		}
	})
}
