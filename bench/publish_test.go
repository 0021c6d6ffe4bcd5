package bench

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/app"
	"preau/core/db"
	"preau/core/school"
)

// families is how many a word is published to, and publications how often it is.
const families, publications = 600, 9

// large is a school of that many families, and its head.
type large struct {
	school school.ID
	head   *passer
}

// largeSchool makes the largest school one of 600 pupils, by enrolling those of others.
func largeSchool(b *testing.B, house *app.House) (l large) {
	b.Helper()
	var head school.ID
	err := house.DB.Write(b.Context(), func(tx *db.Tx) error {
		var pupils int
		if err := tx.Get([]any{&l.school, &pupils}, `SELECT school_id, count(*) FROM directory_enrolment e WHERE until_at IS NULL AND EXISTS
			(SELECT 1 FROM directory_function f WHERE f.structure_id = e.school_id AND f.profile = $1 AND f.until_at IS NULL)
			GROUP BY school_id ORDER BY count(*) DESC, school_id LIMIT 1`, school.Head); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO directory_enrolment (person_id, school_id, year, from_at, level_code, level_label)
			SELECT person_id, $1, year, from_at, level_code, level_label FROM directory_enrolment
			WHERE school_id <> $1 AND until_at IS NULL ORDER BY school_id DESC, person_id LIMIT $2`, l.school, max(0, families-pupils)); err != nil {
			return err
		}
		return tx.Get([]any{&head}, `SELECT min(person_id) FROM directory_function WHERE structure_id = $1 AND profile = $2 AND until_at IS NULL`, l.school, school.Head)
	})
	if err == nil {
		l.head, err = welcome(b.Context(), house, head, school.Head, false)
	}
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// publish publishes a word to the families of a whole school, some times, and says what
// it wrote and how long it took, beside as many rows of as many bytes in one table, and a
// row for each of the families, each in one transaction.
func (at installation) publish(b *testing.B, house *app.House, site string, l large) {
	b.Helper()
	var times []time.Duration
	wrote := map[string]int{}
	statements := 0
	for n := range publications {
		before := rowsOf(b, house)
		began := time.Now()
		answer := l.publishWord(b, site, n)
		times = append(times, time.Since(began))
		after := rowsOf(b, house)
		grew := map[string]int{}
		for table, rows := range after {
			if rows != before[table] {
				grew[table] = rows - before[table]
			}
		}
		if n == 0 || total(grew) < total(wrote) { // a job may have written meanwhile
			wrote = grew
		}
		statements = at.statements(b)[answer.Header.Get("X-Request-Id")]
	}
	slices.Sort(times)
	took := times[len(times)/2]
	same, each := plainRows(b, house, total(wrote)), plainRows(b, house, families)
	var tables []string
	for _, table := range slices.Sorted(maps.Keys(wrote)) {
		tables = append(tables, fmt.Sprintf("%s %d", table, wrote[table]))
	}
	b.Logf("%-10s a word to %d families: %d rows (%s), %d statements, %.1f ms; %.1f × as many rows by plain SQL (%.1f ms), %.2f × a row a family (%.1f ms)",
		at.engine, families, total(wrote), strings.Join(tables, ", "), statements, ms(took), ms(took)/ms(same), ms(same), ms(took)/ms(each), ms(each))
}

func (l large) publishWord(b *testing.B, site string, n int) *http.Response {
	b.Helper()
	form := formWithFiles(url.Values{
		"to": {fmt.Sprintf("school:%d:families", l.school)}, "title": {fmt.Sprintf("Photos de classe, %d", n)}, "category": {"information"},
		"body": {"Le photographe vient jeudi. Merci de signer ce mot."}, "asks": {"sign"}, "each": {"family"},
	})
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, fmt.Sprintf("%s/liaison/new/school/%d", site, l.school), strings.NewReader(form))
	if err != nil {
		b.Fatal(err)
	}
	r.Header = http.Header{"Cookie": {"preau=" + l.head.token}, "Content-Type": {formType(form)}}
	answer, err := client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		var said bytes.Buffer
		_, _ = said.ReadFrom(answer.Body)
		b.Fatalf("a word to a school answers %s: %s", answer.Status, said.Bytes())
	}
	return answer
}

// rowsOf counts the rows of the tables that something is published into.
func rowsOf(b *testing.B, house *app.House) map[string]int {
	b.Helper()
	tables := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'`
	if house.DB.Dialect() == db.Postgres {
		tables = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema()`
	}
	rows := map[string]int{}
	err := house.DB.Read(b.Context(), func(tx *db.Tx) error {
		names, err := db.All(tx, db.Column[string], tables)
		for _, name := range names {
			if strings.HasPrefix(name, "directory_") { // the largest ones, of whom nothing is published
				continue
			}
			if err == nil {
				rows[name], err = db.One(tx, db.Column[int], `SELECT count(*) FROM `+name)
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return rows
}

// plainRows is how long it takes to insert so many rows in one transaction.
func plainRows(b *testing.B, house *app.House, many int) time.Duration {
	b.Helper()
	const tries = 5
	err := house.DB.Write(b.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`CREATE TABLE IF NOT EXISTS bench_row (id BIGINT PRIMARY KEY, body TEXT NOT NULL)`)
		return err
	})
	var times []time.Duration
	for range tries {
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		err = house.DB.Write(b.Context(), func(tx *db.Tx) error {
			for range many {
				if _, err := tx.Exec(`INSERT INTO bench_row (id, body) VALUES ($1, $2)`, school.NewID(tx.Now), wordText); err != nil {
					return err
				}
			}
			return nil
		})
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	return times[len(times)/2]
}

func total(rows map[string]int) (sum int) {
	for _, n := range rows {
		sum += n
	}
	return sum
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
