package news_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
)

// What a commune tells 3,500 schools, of which one is shut, is written in one transaction, which keeps
// nobody else from writing for long; so is what is left of it as another is stopped before its hour.
func TestAWideNoticeIsWrittenAtOnce(t *testing.T) {
	const many, longest = 3500, 15 * time.Second
	onBoth(t, func(h *town) {
		c := h.cast()
		h.Write(func(tx *db.Tx) error {
			for n := range many {
				id := school.ID(1_000_000 + n)
				if _, err := tx.Exec(`INSERT INTO directory_structure (id, ref, kind, uai, name, name_key, from_at) VALUES ($1, $2, 'school', $3, 'École', 'ecole', 0)`,
					id, fmt.Sprintf("uai:wide%d", n), fmt.Sprintf("09%05dA", n)); err != nil {
					return err
				}
				if _, err := tx.Exec(`INSERT INTO directory_within (structure_id, ancestor_id) VALUES ($1, $2)`, id, c.commune); err != nil {
					return err
				}
			}
			return h.Accounts.SwitchOn(tx, account.Switch{School: c.school, Service: "news", Reason: "débordement"}, audit.By{})
		})
		h.Later(time.Minute)
		agent := h.Enter(c.agent, school.Municipal)
		path := "/news/new/commune/" + c.commune.String()
		began := time.Now()
		published(agent, path, feast("publish_day", "2026-10-06"))
		took := time.Since(began)
		if n := h.One(`SELECT count(*) FROM audience_address WHERE room = 'news'`); n < many {
			t.Fatalf("it is addressed %d times", n)
		}
		h.Write(func(tx *db.Tx) error {
			return h.Accounts.SwitchOn(tx, account.Switch{School: c.nextDoor, Service: "news", Reason: "débordement"}, audit.By{})
		})
		began = time.Now()
		h.Later(24 * time.Hour)
		t.Logf("written in %s, narrowed in %s", took, time.Since(began))
		if narrowed := time.Since(began); took > longest || narrowed > longest {
			t.Errorf("it is written in %s, and narrowed in %s", took, narrowed)
		}
		h.Enter(c.nextParent, school.Guardian).Get("/news/").Lacks(http.StatusOK, "Fête de l’école")
	})
}
