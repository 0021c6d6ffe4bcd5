package account

import (
	"fmt"
	"slices"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// perLookup is how many keys one statement asks for.
const perLookup = 500

// MakeLogins begins to give logins, and gives the function that is called
// with the newcomers, some at a time; what that one gives writes them, in the
// same order, and may run beside the next call. Homonyms are numbered from 2, in the
// order in which they come. Who has an account keeps it, and a number that was
// given once is never given again, whatever became of the person: calling it
// again makes nothing. A newcomer comes once.
//
// It keeps one number a stem in memory: 100 MB for 1.6 million people.
func (a *Accounts) MakeLogins(tx *db.Tx) (func([]directory.Newcomer) func() error, error) {
	m := &maker{Accounts: a, tx: tx, last: map[string]int{}}
	if err := m.begin(); err != nil {
		return nil, fmt.Errorf("making logins: %w", err)
	}
	return func(newcomers []directory.Newcomer) func() error {
		all := make([]candidate, len(newcomers))
		for i, n := range newcomers {
			all[i] = candidate{n.Person, Login{Stem: stemOf(n.First, n.Usual)}}
		}
		return func() error {
			if err := m.add(all); err != nil {
				return fmt.Errorf("making logins: %w", err)
			}
			return nil
		}
	}, nil
}

// maker numbers the logins of one call.
type maker struct {
	*Accounts
	tx   *db.Tx
	last map[string]int // the last number of each stem that was asked for
	// few are the people who had an account before, when they are few: nothing
	// else of the table has to be looked up then. nil: they are many.
	few      map[school.ID]bool
	standing map[string]int // the last number of each stem of theirs
	// retired tells whether logins were retired: a first feed has none.
	retired bool
}

// begin reads the accounts that there are, if they are few.
func (m *maker) begin() error {
	if err := m.tx.Get([]any{&m.retired}, `SELECT EXISTS (SELECT 1 FROM account_retired)`); err != nil {
		return err
	}
	if err := m.tx.LoadInto("account_account"); err != nil {
		return err
	}
	few, standing := map[school.ID]bool{}, map[string]int{}
	err := m.tx.Each(func(row db.Row) error {
		var id school.ID
		var login Login
		err := row.Scan(&id, &login.Stem, &login.Number)
		few[id], standing[login.Stem] = true, max(standing[login.Stem], login.Number)
		return err
	}, `SELECT person_id, stem, number FROM account_account LIMIT $1`, db.Few+1)
	if err == nil && len(few) <= db.Few {
		m.few, m.standing = few, standing
	}
	return err
}

// candidate is a newcomer on the way to a login.
type candidate struct {
	person school.ID
	login  Login
}

func (m *maker) add(all []candidate) error {
	known, err := m.known(all)
	if err != nil {
		return err
	}
	candidates := slices.DeleteFunc(all, func(c candidate) bool { return known[c.person] })
	var asked []string
	for _, c := range candidates {
		stem := c.login.Stem
		if _, ok := m.last[stem]; !ok {
			m.last[stem] = m.standing[stem]
			asked = append(asked, stem)
		}
	}
	if err := m.askAccounts(asked); err != nil {
		return err
	}
	if err := m.askRetired(asked); err != nil {
		return err
	}
	for i := range candidates {
		login := &candidates[i].login
		m.last[login.Stem]++
		login.Number = m.last[login.Stem]
	}
	return insert(m.tx, candidates)
}

// known finds the newcomers who have an account.
func (m *maker) known(newcomers []candidate) (map[school.ID]bool, error) {
	if m.few != nil {
		return m.few, nil
	}
	known := map[school.ID]bool{}
	for some := range slices.Chunk(newcomers, perLookup) {
		ids := make([]school.ID, len(some))
		for i, n := range some {
			ids[i] = n.person
		}
		err := m.tx.Each(func(row db.Row) error {
			var id school.ID
			err := row.Scan(&id)
			known[id] = true
			return err
		}, `SELECT person_id FROM account_account WHERE person_id IN (`+db.In(ids)+`)`)
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

// askAccounts finds the last number that each stem has in use.
func (m *maker) askAccounts(stems []string) error {
	if m.few != nil {
		return nil
	}
	for some := range slices.Chunk(stems, perLookup) {
		keys := make([]any, len(some))
		for i, stem := range some {
			keys[i] = stem
		}
		err := m.tx.Each(func(row db.Row) error {
			var stem string
			var last int
			err := row.Scan(&stem, &last)
			m.last[stem] = last
			return err
		}, `SELECT stem, max(number) FROM account_account WHERE stem IN (`+places(len(keys))+`) GROUP BY stem`, keys...)
		if err != nil {
			return err
		}
	}
	return nil
}

// askRetired finds the last number that each stem had before an erasure.
func (m *maker) askRetired(stems []string) error {
	if !m.retired {
		return nil
	}
	for some := range slices.Chunk(stems, perLookup) {
		keys := make([]any, len(some))
		stemOf := make(map[string]string, len(some))
		for i, stem := range some {
			mac := m.stemMAC(stem)
			keys[i], stemOf[string(mac)] = mac, stem
		}
		err := m.tx.Each(func(row db.Row) error {
			var mac []byte
			var last int
			err := row.Scan(&mac, &last)
			stem := stemOf[string(mac)]
			m.last[stem] = max(m.last[stem], last)
			return err
		}, `SELECT stem, last FROM account_retired WHERE stem IN (`+places(len(keys))+`)`, keys...)
		if err != nil {
			return err
		}
	}
	return nil
}

func insert(tx *db.Tx, candidates []candidate) error {
	row := make([]any, 3)
	_, err := tx.Bulk("account_account", []string{"person_id", "stem", "number"}, func(yield func([]any) bool) {
		for _, c := range candidates {
			row[0], row[1], row[2] = int64(c.person), c.login.Stem, int64(c.login.Number)
			if !yield(row) {
				return
			}
		}
	}, db.Constantly("created_at", tx.Now.UnixMilli()))
	return err
}
