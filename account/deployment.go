package account

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// Deployment is how far a school has come into the portal: its figures, and
// those of its accounts, never a name.
type Deployment struct {
	directory.Figures
	Accounts Activation // of all sides
}

// Plus adds two deployments up.
func (d Deployment) Plus(e Deployment) Deployment {
	return Deployment{d.Figures.Plus(e.Figures), d.Accounts.Plus(e.Accounts)}
}

// deploymentColumns are those of a deployment that is kept, in the order of
// [Deployment.values].
var deploymentColumns = []string{
	"classes", "attached", "pupils", "guardians", "staff", "canteen", "morning_care", "evening_care", "study", "logins", "activated",
}

func (d *Deployment) values() []*int {
	return []*int{
		&d.Classes, &d.Attached, &d.Pupils, &d.Guardians, &d.Staff, &d.Canteen, &d.MorningCare, &d.EveningCare, &d.Study,
		&d.Accounts.Logins, &d.Accounts.Activated,
	}
}

// Deployments gives the figures of some schools as they were last counted,
// and the oldest of these instants. A school that was never counted is counted
// now; when all are, the instant is that of the transaction.
func Deployments(tx *db.Tx, schools ...school.ID) (map[school.ID]Deployment, time.Time, error) {
	all, counted := make(map[school.ID]Deployment, len(schools)), db.At(tx.Now)
	var id school.ID
	var at db.Time
	var d Deployment
	into := []any{&id, &at}
	for _, value := range d.values() {
		into = append(into, value)
	}
	err := tx.Each(func(row db.Row) error {
		if err := row.Scan(into...); err != nil {
			return err
		}
		d.Schools = 1
		if all[id] = d; at.Before(counted.Time) {
			counted = at
		}
		return nil
	}, `SELECT school_id, counted_at, `+strings.Join(deploymentColumns, ", ")+` FROM account_deployment WHERE school_id `+tx.Among(1), db.List(tx, schools))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("reading deployments: %w", err)
	}
	var unknown []school.ID
	for _, id := range schools {
		if _, ok := all[id]; !ok {
			unknown = append(unknown, id)
		}
	}
	fresh, err := CountDeployments(tx, unknown...)
	maps.Copy(all, fresh)
	return all, counted.Time, err
}

// Counted tells whether the figures of any school are kept: without, a page that
// wants them counts them itself.
func Counted(tx *db.Tx) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_deployment)`)
}

// KeepDeployments keeps the figures of schools for [Deployments].
func KeepDeployments(tx *db.Tx, fresh map[school.ID]Deployment) error {
	_, err := tx.Put("account_deployment", append([]string{"school_id", "counted_at"}, deploymentColumns...), 1, func(yield func([]any) bool) {
		for id, d := range fresh {
			row := []any{id, db.At(tx.Now)}
			for _, value := range d.values() {
				row = append(row, *value)
			}
			if !yield(row) {
				return
			}
		}
	})
	if err != nil {
		return fmt.Errorf("keeping deployments: %w", err)
	}
	return nil
}

// CountDeployments counts some schools now.
func CountDeployments(tx *db.Tx, schools ...school.ID) (map[school.ID]Deployment, error) {
	counts, err := CountSchools(tx, schools...)
	all := make(map[school.ID]Deployment, len(counts))
	for id, c := range counts {
		d := Deployment{Figures: c.Figures}
		d.Schools = 1
		for _, side := range c.Accounts {
			d.Accounts = d.Accounts.Plus(side)
		}
		all[id] = d
	}
	return all, err
}

// Counts are the figures of a school, and its accounts by side.
type Counts struct {
	directory.Figures
	Accounts map[Side]Activation
}

// CountSchools counts some schools now, by side.
func CountSchools(tx *db.Tx, schools ...school.ID) (map[school.ID]Counts, error) {
	figures, err := directory.SchoolFigures(tx, schools...)
	if err != nil {
		return nil, err
	}
	activations, err := Activations(tx, schools...)
	if err != nil {
		return nil, err
	}
	all := make(map[school.ID]Counts, len(schools))
	for _, id := range schools {
		all[id] = Counts{figures[id], activations[id]}
	}
	return all, nil
}
