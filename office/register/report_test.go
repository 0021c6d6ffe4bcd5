package register_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
)

// names are the people of the register by everything that names them, in
// small letters: full names both ways, INE and dates of birth.
func (h *office) names() (names []string) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error {
		return tx.Each(func(row db.Row) error {
			var first, usual, birth, ine, day string
			if err := row.Scan(&first, &usual, &birth, &ine, &day); err != nil {
				return err
			}
			for _, family := range []string{usual, birth} {
				if first != "" && family != "" {
					names = append(names, strings.ToLower(first+" "+family), strings.ToLower(family+" "+first))
				}
			}
			if ine != "" {
				names = append(names, strings.ToLower(ine))
			}
			if year, rest, ok := strings.Cut(day, "-"); ok {
				month, date, _ := strings.Cut(rest, "-")
				names = append(names, day, date+"/"+month+"/"+year)
			}
			return nil
		}, `SELECT first_name, usual_name, birth_name, ine, birth_date FROM directory_person`)
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// The report is the same as a page, a sheet and a JSON, on both databases,
// and none of them names anybody.
func TestTheReportNamesNobody(t *testing.T) {
	onBoth(t, func(h *office) {
		v := h.enter(h.Operator(), school.Operator)
		path := "/register/delivery/" + h.Fed.ID.String()
		page := v.Get(path)
		page.Wants(http.StatusOK, "Rapport de la livraison", "Deux élèves ont le même identifiant national", "report.csv")
		for last := 2; strings.Contains(page.Body, "?page="+string(rune('0'+last))); last++ {
			page.Body += v.Get(path + "?page=" + string(rune('0'+last))).Body
		}
		sheet, program := v.Get(path+"/report.csv"), v.Get(path+"/report.json")
		sheet.Wants(http.StatusOK)
		program.Wants(http.StatusOK)
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'register.export-report' AND object_id = $1 AND actor_id = $2`, h.Fed.ID, v.Person); n != 2 {
			h.T.Errorf("%d entries for two exports", n)
		}

		names := h.names()
		if len(names) < 1000 {
			h.T.Fatalf("the village has %d names", len(names))
		}
		for form, body := range map[string]string{"page": page.Body, "CSV": sheet.Body, "JSON": program.Body} {
			body = strings.ToLower(body)
			for _, name := range names {
				if name != "opera essai" && strings.Contains(body, name) && !ofASchool(h, name) { // who reads stands in the menu
					h.T.Errorf("the %s names %q", form, name)
				}
			}
		}

		rows := readSheet(h.T, sheet)
		if got, want := rows[0][0], "UAI"; got != want {
			h.T.Errorf("the first column is %q", got)
		}
		var report struct {
			ID       string `json:"delivery_id"`
			State    string `json:"state"`
			Warnings int    `json:"warnings"`
			Pupils   struct{ Added int }
			Troubles []struct {
				School, Kind, Action, Reason, Category, File, Key, Attribute string
				Record, Line, Count                                          int
			} `json:"troubles"`
		}
		if err := json.Unmarshal([]byte(program.Body), &report); err != nil {
			h.T.Fatal(err)
		}
		if report.ID != h.Fed.ID.String() || report.State != "applied" || report.Pupils.Added != h.Fed.Pupils.Added {
			h.T.Errorf("the JSON is of %+v", report)
		}
		if len(rows)-1 != len(report.Troubles) {
			h.T.Fatalf("%d lines in CSV, %d in JSON", len(rows)-1, len(report.Troubles))
		}
		total := 0
		for i, trouble := range report.Troubles {
			if trouble.Kind != string(aaf.DroppedAttribute) { // as RU-003 wants: nobody is warned
				total += trouble.Count
			}
			row := rows[i+1]
			if row[0] != trouble.School || row[2] != trouble.Kind || row[3] != trouble.Reason || row[7] != trouble.File ||
				row[10] != trouble.Key || row[11] != trouble.Attribute {
				h.T.Errorf("line %d is %q in CSV and %+v in JSON", i, row, trouble)
			}
		}
		if total != report.Warnings || total != h.Fed.Warnings {
			h.T.Errorf("%d troubles in the lines, %d in the delivery, %d when it was fed", total, report.Warnings, h.Fed.Warnings)
		}
	})
}

// ofASchool tells whether a school bears the name of somebody.
func ofASchool(h *office, name string) bool {
	return h.One(`SELECT count(*) FROM directory_structure WHERE lower(name) LIKE $1`, "%"+name+"%") > 0
}

func readSheet(t *testing.T, r reply) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(r.Body, "\ufeff")
	if !marked || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("a sheet of type %s, marked %v", r.Header.Get("Content-Type"), marked)
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A delivery may be made to run as a formula in the spreadsheet of whoever
// opens its report.
func TestAHostileReportIsInert(t *testing.T) {
	h := onSQLite(t)
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE feed_trouble SET file = '=HYPERLINK("//evil.test")', attribute = '@SUM(1)' WHERE feed_id = $1`, h.Fed.ID)
		return err
	})
	v := h.enter(h.Operator(), school.Operator)
	for _, row := range readSheet(t, v.Get("/register/delivery/"+h.Fed.ID.String()+"/report.csv"))[1:] {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
				t.Fatalf("a cell runs: %q", cell)
			}
		}
	}
}

// A pilot reads what concerns their schools; that of the académie, what
// concerns no known school too.
func TestPilotsReadTheirArea(t *testing.T) {
	h := onSQLite(t)
	var commune, stranger, academy school.ID
	h.Read(func(tx *db.Tx) error {
		above, err := directory.Above(tx, h.near[0])
		for _, s := range above {
			if s.Kind == directory.Commune {
				commune = s.ID
			}
		}
		return err
	})
	academy = h.StructureByRef("academy:" + h.academy()).ID
	stranger = school.NewID(h.DB.Now())
	h.Write(func(tx *db.Tx) error {
		return directory.Structures.Insert(tx, directory.Structure{
			ID: stranger, Ref: "academy:099", Kind: directory.Academy, Name: "Ailleurs", From: db.At(tx.Now),
		})
	})
	path := "/register/delivery/" + h.Fed.ID.String()
	whole := readSheet(t, h.enter(h.Operator(), school.Operator).Get(path+"/report.csv"))

	ofAcademy := h.enter(h.Appoint("dsi", school.Pilot, academy), school.Pilot)
	if rows := readSheet(t, ofAcademy.Get(path+"/report.csv")); len(rows) != len(whole) {
		t.Errorf("the académie reads %d lines of %d", len(rows), len(whole))
	}
	near := map[string]bool{}
	h.Read(func(tx *db.Tx) error {
		schools, err := directory.StructuresByID(tx, h.near...)
		for _, s := range schools {
			near[string(s.UAI)] = true
		}
		return err
	})
	ofCommune := h.enter(h.Appoint("ien", school.Pilot, commune), school.Pilot)
	rows := readSheet(t, ofCommune.Get(path+"/report.csv"))
	if len(rows) < 2 || len(rows) >= len(whole) {
		t.Errorf("the commune reads %d lines of %d", len(rows), len(whole))
	}
	for _, row := range rows[1:] {
		if !near[row[0]] {
			t.Errorf("the commune reads of %q", row[0])
		}
	}
	ofCommune.Get(path).Wants(http.StatusOK)
	ofCommune.Get("/register/deliveries").Wants(http.StatusOK, path)
	// The counts of the whole delivery would tell of a few people elsewhere.
	for _, one := range []struct {
		visitor
		counts bool
	}{{ofAcademy, true}, {ofCommune, false}} {
		for _, address := range []string{path, path + "/report.json"} {
			if got := one.Get(address); strings.Contains(got.Body, "Ce que la livraison a fait") || strings.Contains(got.Body, `"added"`) {
				if !one.counts {
					t.Errorf("%s tells the counts", address)
				}
			} else if one.counts {
				t.Errorf("%s tells no count", address)
			}
		}
	}

	outside := h.enter(h.Appoint("autre", school.Pilot, stranger), school.Pilot)
	for _, address := range []string{path, path + "/report.csv", path + "/report.json", "/register/delivery/1"} {
		outside.Get(address).Wants(http.StatusNotFound)
	}
	if list := outside.Get("/register/deliveries"); strings.Contains(list.Body, path) || list.StatusCode != http.StatusOK {
		t.Errorf("a pilot outside lists the delivery (%d)", list.StatusCode)
	}
}

func TestTheReportIsFiltered(t *testing.T) {
	h := onSQLite(t)
	v := h.enter(h.Operator(), school.Operator)
	path := "/register/delivery/" + h.Fed.ID.String()
	all := slices.DeleteFunc(readSheet(t, v.Get(path+"/report.csv"))[1:], func(row []string) bool {
		return row[2] == string(aaf.DroppedAttribute) // the portal's doing, which the page tells apart
	})
	// The list and the page tell one number.
	text := h.Words.Say("fr", "register.lines-found", len(all)) + h.Words.Say("fr", "register.lines-times", h.Fed.Warnings)
	v.Get(path).Wants(http.StatusOK, text, "Écarté par le portail")
	for _, c := range []struct {
		query url.Values
		want  func(row []string) bool
	}{
		{url.Values{}, func([]string) bool { return true }},
		{url.Values{"kind": {"duplicate-ine"}}, func(row []string) bool { return row[2] == "duplicate-ine" }},
		{url.Values{"school": {"0"}}, func(row []string) bool { return row[0] == "" }},
		{url.Values{"school": {"12"}, "kind": {"nothing"}}, func([]string) bool { return false }},
	} {
		want := 0
		for _, row := range all {
			if c.want(row) {
				want++
			}
		}
		body := v.Get(path + "?" + c.query.Encode()).Body
		text := h.Words.Say("fr", "register.lines-found", want)
		if want == 0 {
			text = "Rien avec ces filtres"
		}
		if !strings.Contains(body, text) {
			t.Errorf("%v: no %q", c.query, text)
		}
	}
}

// A refused delivery says why, and what to do.
func TestARefusalIsExplained(t *testing.T) {
	h := onSQLite(t)
	delivery := h.Deliver(first)
	files, err := filepath.Glob(filepath.Join(delivery, "*_Eleve_*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	if err := os.Truncate(files[0], 5000); err != nil {
		t.Fatal(err)
	}
	results, err := h.Feeder.Feed(t.Context(), delivery, feed.Options{})
	if err == nil {
		t.Fatal("a truncated file was fed")
	}
	v := h.enter(h.Operator(), school.Operator)
	path := "/register/delivery/" + results[0].ID.String()
	v.Get("/register/deliveries").Wants(http.StatusOK, "Refusée", path)
	v.Get(path).Wants(http.StatusOK, "Un fichier est coupé avant sa fin", "L’académie refait la livraison", filepath.Base(files[0]))
	rows := readSheet(t, v.Get(path+"/report.csv"))
	if len(rows) != 2 || rows[1][2] != "truncated" || rows[1][4] != "Livraison refusée" {
		t.Errorf("the sheet is %q", rows)
	}
}

// A head reads the troubles of their school, without a name.
func TestTroublesOfASchool(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	v := h.enter(h.Head(at), school.Head)
	page := v.Get("/register/school/" + at.String() + "/troubles")
	page.Wants(http.StatusOK, "ONDE", "Fiche écartée", "À corriger par l’école", "Pour information")
	if strings.Contains(page.Body, "Rien n’est à corriger") {
		t.Error("the page says that nothing is to correct beside what is")
	}
	// A record leads to the pupil whom it is about.
	link := regexp.MustCompile(`href="(/register/school/` + at.String() + `/pupil/\d+)">Ouvrir la page`).FindStringSubmatch(page.Body)
	if link == nil {
		t.Fatal("no record leads to a pupil")
	}
	v.Get(link[1]).Wants(http.StatusOK, "Sa famille")
	body := strings.ToLower(page.Body)
	who := ""
	h.Read(func(tx *db.Tx) error {
		head, err := directory.Get(tx, v.Person)
		who = strings.ToLower(head.Name())
		return err
	})
	for _, name := range h.names() {
		if name != who && strings.Contains(body, name) && !ofASchool(h, name) { // the head's own stands in the menu
			t.Errorf("the page names %q", name)
		}
	}
	h.tick()
	h.later(0) // the same delivery without its troubles
	v.Get("/register/school/"+at.String()+"/troubles").Wants(http.StatusOK, "Tout va bien")
	v.Get("/register/school/"+at.String()).Wants(http.StatusOK, "Tout va bien")
}
