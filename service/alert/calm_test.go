package alert_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/service/alert"
)

// A calm node says what is urgent, and that it is over, in the language of whoever reads it.
func TestWhatACalmNodeSays(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		head := h.Enter(c.head, school.Head)
		notice := tell(head, newIn(c.school), closed())
		said := func(lang i18n.Lang) string {
			t.Helper()
			say := i18n.Printer{Catalogue: h.Words, Lang: lang}
			var text strings.Builder
			h.Read(func(tx *db.Tx) error {
				words, err := (&alert.Service{}).Sample(tx, h.Some(`SELECT id FROM alert_alert`))
				if err != nil || len(words) != 1 {
					t.Fatalf("%d words, %v", len(words), err)
				}
				text.WriteString(words[0].Title(say) + "\n" + words[0].From(say) + "\n")
				return words[0].Body(tx.Now).Render(i18n.With(t.Context(), say), &text)
			})
			return text.String()
		}
		for lang, title := range map[i18n.Lang]string{i18n.French: "École fermée", i18n.English: "School closed"} {
			if text := said(lang); !strings.Contains(text, title) || !strings.Contains(text, h.Structure(c.school).Name) || !strings.Contains(text, "chaudière") {
				t.Errorf("in %s: %s", lang, text)
			}
		}
		head.Post(notice+"/end", nil).Wants(http.StatusSeeOther)
		if text := said(i18n.French); !strings.Contains(text, "Fin de l’alerte") || strings.Contains(text, "chaudière") {
			t.Errorf("once it is over: %s", text)
		}
	})
}

// A node asks for what is told now every few seconds, and not for each page; what it tells
// itself it knows at once.
func TestWhatIsToldIsRememberedForAMoment(t *testing.T) {
	onBoth(t, func(h *town) {
		c := h.cast()
		parent := h.Enter(c.parent, school.Guardian)
		parent.Get("/me").Wants(http.StatusOK)
		tell(h.Enter(c.head, school.Head), newIn(c.school), closed())
		parent.Get("/me").Wants(http.StatusOK, "chaudière")
		h.Later(time.Second)
		parent.Get("/me").Wants(http.StatusOK, "chaudière")
		h.exec(`DELETE FROM alert_alert`)
		h.Later(2 * time.Second)
		parent.Get("/me").Wants(http.StatusOK, "chaudière")
		h.Later(4 * time.Second)
		if page := parent.Get("/me"); strings.Contains(page.Text(), "chaudière") {
			t.Error("a node tells for ever what is not told any more")
		}
	})
}
