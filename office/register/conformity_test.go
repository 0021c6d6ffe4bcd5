package register_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// conformity is the page as a program reads it.
type conformity struct {
	Deliveries []struct {
		ID                 string   `json:"delivery_id"`
		Rate               *float64 `json:"per_thousand_records"`
		Troubles           *int
		Academy            *int `json:"by_academy"`
		Schools            *int `json:"by_schools"`
		New, Lasting, Gone *int
	}
	Kinds []struct {
		Kind, Tool         string
		New, Lasting, Gone *int
	}
	Areas []struct {
		Name    string
		UAI     string `json:"school"`
		Academy *int   `json:"by_academy"`
		Schools *int   `json:"by_schools"`
	}
}

func (v visitor) conformity(query string) (c conformity) {
	v.T.Helper()
	got := v.Get("/register/conformity.json" + query)
	got.Wants(http.StatusOK)
	if err := json.Unmarshal([]byte(got.Body), &c); err != nil {
		v.T.Fatal(err)
	}
	return c
}

// split puts the schools of each commune in a circonscription of its own, as a
// larger village would, and gives the first two.
func (h *office) split() (ours, theirs school.ID) {
	h.T.Helper()
	ours, theirs = 801, 802
	h.Write(func(tx *db.Tx) error {
		if _, err := tx.Exec(`DELETE FROM directory_within WHERE ancestor_id IN (SELECT id FROM directory_structure WHERE kind = 'circonscription')`); err != nil {
			return err
		}
		for id, schools := range map[school.ID][]school.ID{ours: h.near, theirs: h.far} {
			if err := directory.Structures.Insert(tx, directory.Structure{
				ID: id, Ref: fmt.Sprintf("circonscription:%d", id), Kind: directory.Circonscription,
				Name: fmt.Sprintf("Circonscription %d", id), From: db.At(tx.Now),
			}); err != nil {
				return err
			}
			for _, at := range schools {
				if _, err := tx.Exec(`INSERT INTO directory_within (structure_id, ancestor_id, source_id)
					SELECT $1, $2, source_id FROM directory_structure WHERE id = $1`, at, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return ours, theirs
}

// A pilot of one circonscription sees nothing of another: not its page, not
// its schools, and no figure changes with what is wrong there.
func TestConformityStopsAtTheArea(t *testing.T) {
	onBoth(t, func(h *office) {
		ours, theirs := h.split()
		ien := h.enter(h.Appoint("ien", school.Pilot, ours), school.Pilot)
		dsden := h.enter(h.Appoint("dsden", school.Pilot, h.StructureByRef("academy:"+h.academy()).ID), school.Pilot)
		for _, form := range []string{"", ".csv", ".json"} {
			page := "/register/conformity" + form
			for _, query := range []string{
				"?area=" + theirs.String(), "?area=" + h.far[0].String(), "?area=" + h.near[0].String(), "?area=1", "?area=x",
				"?area=-1", "?source=1", "?source=x", "?area=" + h.StructureByRef("academy:"+h.academy()).ID.String(),
			} {
				ien.Get(page + query).Wants(http.StatusNotFound)
			}
			own := ien.Get(page)
			own.Wants(http.StatusOK)
			ien.Get(page + "?area=" + ours.String()).Wants(http.StatusOK)
			dsden.Get(page + "?area=" + theirs.String()).Wants(http.StatusOK)
			h.Read(func(tx *db.Tx) error {
				schools, err := directory.StructuresByID(tx, h.far...)
				for _, s := range schools {
					if strings.Contains(own.Body, string(s.UAI)) || strings.Contains(own.Body, s.ID.String()) {
						h.T.Errorf("%s%s tells of %s", page, form, s.Name)
					}
				}
				return err
			})
			if strings.Contains(own.Body, "Circonscription 802") {
				h.T.Errorf("%s names the other circonscription", page)
			}
		}
		before := ien.Get("/register/conformity").Body
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE feed_tally SET total = total + 100 WHERE school_id = $1`, h.far[0])
			return err
		})
		if ien.Get("/register/conformity").Body != before {
			h.T.Error("a figure tells of the other circonscription")
		}

		// Who follows both has a line for each, and another académie's pilot nothing.
		names := func(v visitor) (names []string) {
			for _, area := range v.conformity("").Areas {
				names = append(names, area.Name)
			}
			return names
		}
		if got := names(dsden); !slices.Contains(got, "Circonscription 801") || !slices.Contains(got, "Circonscription 802") {
			h.T.Errorf("the académie has %v", got)
		}
		h.Write(func(tx *db.Tx) error {
			return directory.Structures.Insert(tx, directory.Structure{
				ID: 803, Ref: "academy:099", Kind: directory.Academy, Name: "Ailleurs", From: db.At(tx.Now),
			})
		})
		outside := h.enter(h.Appoint("autre", school.Pilot, 803), school.Pilot)
		if got := outside.conformity(""); len(got.Deliveries)+len(got.Areas)+len(got.Kinds) > 0 {
			h.T.Errorf("another académie reads %+v", got)
		}
		outside.Get("/register/conformity").Wants(http.StatusOK, "Aucune livraison à suivre")
	})
}

// The page, the sheet and the JSON name nobody, and say one thing: the figures
// of the report.
func TestConformityIsTheReportInFigures(t *testing.T) {
	onBoth(t, func(h *office) {
		v := h.enter(h.Operator(), school.Operator)
		first := v.conformity("")
		if len(first.Deliveries) != 1 || *first.Deliveries[0].Troubles != h.Fed.Warnings || first.Deliveries[0].New != nil {
			h.T.Fatalf("the first delivery is %+v, with %d warnings", first.Deliveries, h.Fed.Warnings)
		}
		v.Get("/register/conformity").Wants(http.StatusOK, "AGAPE", "RAMSESE", "ONDE", "Par école", "/register/delivery/"+h.Fed.ID.String())

		h.tick()
		next := h.later(0) // the same delivery without its troubles: all are gone
		second := v.conformity("")
		if len(second.Deliveries) != 2 || second.Deliveries[0].ID != next.ID.String() {
			h.T.Fatalf("after the second: %+v", second.Deliveries)
		}
		last := second.Deliveries[0]
		if *last.Troubles != 0 || *last.New != 0 || *last.Gone != h.Fed.Warnings || *last.Rate != 0 {
			h.T.Errorf("the last delivery is %d, %d new, %d gone", *last.Troubles, *last.New, *last.Gone)
		}
		gone := 0
		for _, kind := range second.Kinds {
			gone += *kind.Gone
		}
		if gone != h.Fed.Warnings {
			h.T.Errorf("%d are gone by kind, of %d", gone, h.Fed.Warnings)
		}

		page, sheet := v.Get("/register/conformity"), v.Get("/register/conformity.csv")
		page.Wants(http.StatusOK, "Anomalies pour mille fiches", "Disparues")
		rows := readSheet(h.T, sheet)
		if want := 1 + len(second.Deliveries) + len(second.Kinds) + len(second.Areas); len(rows) != want {
			h.T.Errorf("the sheet has %d rows, want %d", len(rows), want)
		}
		program := v.Get("/register/conformity.json").Body
		for form, body := range map[string]string{"page": page.Body, "CSV": sheet.Body, "JSON": program} {
			body = strings.ToLower(body)
			for _, name := range h.names() {
				if name != "opera essai" && strings.Contains(body, name) && !ofASchool(h, name) {
					h.T.Errorf("the %s names %q", form, name)
				}
			}
		}
		// The pages lead to each other.
		link := "/register/conformity"
		v.Get("/register/deliveries").Wants(http.StatusOK, `href="`+link+`"`)
		v.Get("/register/delivery/"+h.Fed.ID.String()).Wants(http.StatusOK, `href="`+link+`?mode=complete&`)
	})
}

// A pilot reads the figures of the reports that they may open, to the last
// one, and who reads figures may open the report.
func TestConformityHidesNothingOfTheReport(t *testing.T) {
	onBoth(t, func(h *office) {
		ours, _ := h.split()
		operator := h.enter(h.Operator(), school.Operator)
		dsden := h.enter(h.Appoint("dsi", school.Pilot, h.StructureByRef("academy:"+h.academy()).ID), school.Pilot)
		ien := h.enter(h.Appoint("ien", school.Pilot, ours), school.Pilot)
		if all, theirs := operator.Get("/register/conformity.json").Body, dsden.Get("/register/conformity.json").Body; all != theirs {
			h.T.Errorf("the pilot of the académie reads %s, not %s", theirs, all)
		}
		own := ien.conformity("")
		report := readSheet(h.T, ien.Get("/register/delivery/"+own.Deliveries[0].ID+"/report.csv"))
		count, troubles := slices.Index(report[0], "Nombre"), 0
		for _, line := range report[1:] {
			n, err := strconv.Atoi(line[count])
			if err != nil {
				h.T.Fatal(err)
			}
			troubles += n
		}
		if told := own.Deliveries[0].Troubles; told == nil || *told != troubles || troubles == 0 {
			h.T.Errorf("the circonscription reads %v, and its report %d", told, troubles)
		}
		for _, area := range own.Areas {
			if area.Academy == nil || area.Schools == nil {
				h.T.Errorf("%s is not told", area.Name)
			}
		}
	})
}

// The page opens on what came last, whole or not.
func TestConformityOpensOnTheLastDelivery(t *testing.T) {
	h := onSQLite(t)
	v := h.enter(h.Operator(), school.Operator)
	h.tick()
	next := h.later(0)
	h.Write(func(tx *db.Tx) error { // a delta, as far as this page goes
		_, err := tx.Exec(`UPDATE feed_delivery SET mode = 'Delta' WHERE id = $1`, next.ID)
		return err
	})
	for query, want := range map[string]school.ID{"": next.ID, "?mode=delta": next.ID, "?mode=complete": h.Fed.ID} {
		if got := v.conformity(query).Deliveries; len(got) != 1 || got[0].ID != want.String() {
			t.Errorf("%q opens on %v, not on %s", query, got, want)
		}
	}
	v.Get("/register/conformity").Wants(http.StatusOK, `mode=complete`, `mode=delta`)
}

// Who reads a part of a delivery is told why it has no counts, and a pilot
// finds the teams.
func TestDeliveriesOfAPart(t *testing.T) {
	h := onSQLite(t)
	ours, _ := h.split()
	const why, teams = "ceux de toute l’académie", `href="/register/teams"`
	part := h.enter(h.Appoint("ien", school.Pilot, ours), school.Pilot).Get("/register/deliveries")
	part.Wants(http.StatusOK, why, teams)
	if strings.Contains(part.Body, "Partis") {
		t.Error("a column has nothing to say")
	}
	whole := h.enter(h.Appoint("dsi", school.Pilot, h.StructureByRef("academy:"+h.academy()).ID), school.Pilot).Get("/register/deliveries")
	whole.Wants(http.StatusOK, "Partis", teams)
	if strings.Contains(whole.Body, why) {
		t.Error("who reads the counts is told that they may not")
	}
}
