package removal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

// Who reported a message of a stolen account is answered though it was taken back with all that was said
// there, and stays answered where it is put back.
func TestWhoReportedIsAnsweredThoughItWasTakenBack(t *testing.T) {
	onBoth(t, func(h *town) {
		s := h.steal()
		link := regexp.MustCompile(`/message/thread/\d+/post/\d+/report`).FindString(s.asFather.Get(s.lost).Body)
		s.asFather.Post(link, url.Values{"reason": {"On demande un numéro."}}).Wants(http.StatusSeeOther)
		kase := s.asked(s.head)
		s.operator.Post(kase+"/agree", nil).Wants(http.StatusSeeOther)
		s.asFather.Get(s.lost).Wants(http.StatusNotFound)

		list := s.head.Get("/message/reports")
		list.Wants(http.StatusOK, "Un message qui a été retiré", "On demande un numéro.", "À traiter")
		report := regexp.MustCompile(`/message/report/\d+`).FindString(list.Body)
		s.head.Get(report).Wants(http.StatusOK, "ne se lit plus", h.Who(s.father).Name())
		s.head.Post(report, url.Values{"outcome": {"Le compte était volé."}}).Wants(http.StatusSeeOther)

		s.backs(s.head, s.operator, kase)
		s.asFather.Get(s.lost).Wants(http.StatusOK, "Le compte était volé.")
	})
}
