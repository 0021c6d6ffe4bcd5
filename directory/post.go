package directory

import (
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
)

// Post is a profile that somebody holds in a structure. [Standing] gives some
// without a profile, of what is lent over the structure or a class.
type Post struct {
	Structure school.ID
	Profile   school.Profile
	Lent      rights.Function
}

// PostsOf lists what somebody is now by their functions, each once.
func PostsOf(tx *db.Tx, person school.ID) ([]Post, error) {
	return db.All(tx, scanPost, `SELECT DISTINCT f.structure_id, f.profile FROM directory_function f
		WHERE f.person_id = $2 AND `+During("f", 1)+` ORDER BY f.structure_id, f.profile`, db.At(tx.Now), person)
}

func scanPost(row db.Row) (p Post, err error) { return p, row.Scan(&p.Structure, &p.Profile) }
