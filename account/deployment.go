package account

import (
	"encoding/json"
	"fmt"
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

// Deployments gives the figures of some schools as they were last counted,
// and the oldest of these instants. A school that was never counted is counted
// now; when all are, the instant is that of the transaction.
func Deployments(tx *db.Tx, schools ...school.ID) (map[school.ID]Deployment, time.Time, error) {
	all, counted := make(map[school.ID]Deployment, len(schools)), tx.Now
	err := tx.Each(func(row db.Row) error {
		var id school.ID
		var at db.Time
		var text string
		if err := row.Scan(&id, &at, &text); err != nil {
			return err
		}
		kept := json.NewDecoder(strings.NewReader(text))
		kept.DisallowUnknownFields()
		var d Deployment
		if kept.Decode(&d) != nil {
			return nil // figures of another version are counted again
		}
		if all[id] = d; at.Before(counted) {
			counted = at.Time
		}
		return nil
	}, `SELECT school_id, counted_at, figures FROM account_deployment WHERE school_id IN (`+db.In(schools)+`)`)
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
	for id, d := range fresh {
		all[id] = d
	}
	return all, counted, err
}

// Counted tells whether the figures of any school are kept: without, a page that
// wants them counts them itself.
func Counted(tx *db.Tx) (bool, error) {
	return db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM account_deployment)`)
}

// KeepDeployments keeps the figures of schools for [Deployments].
func KeepDeployments(tx *db.Tx, fresh map[school.ID]Deployment) error {
	_, err := tx.Put("account_deployment", []string{"school_id", "counted_at", "figures"}, 1, func(yield func([]any) bool) {
		for id, d := range fresh {
			text, err := json.Marshal(d)
			if err != nil {
				panic(err) // numbers only
			}
			if !yield([]any{id, db.At(tx.Now), string(text)}) {
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
	figures, err := directory.SchoolFigures(tx, schools...)
	if err != nil {
		return nil, err
	}
	activations, err := Activations(tx, schools...)
	if err != nil {
		return nil, err
	}
	all := make(map[school.ID]Deployment, len(schools))
	for _, id := range schools {
		d := Deployment{Figures: figures[id]}
		d.Schools = 1
		for _, side := range activations[id] {
			d.Accounts = d.Accounts.Plus(side)
		}
		all[id] = d
	}
	return all, nil
}
