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

// PostsOf gives what each of some people is now by their functions, each once.
func PostsOf(tx *db.Tx, people ...school.ID) (map[school.ID][]Post, error) {
	posts := map[school.ID][]Post{}
	if len(people) == 0 {
		return posts, nil
	}
	return posts, tx.Each(func(row db.Row) error {
		var person school.ID
		var p Post
		err := row.Scan(&person, &p.Structure, &p.Profile)
		posts[person] = append(posts[person], p)
		return err
	}, `SELECT DISTINCT f.person_id, f.structure_id, f.profile FROM directory_function f
		WHERE f.person_id `+tx.Among(2)+` AND `+During("f", 1)+` ORDER BY f.person_id, f.structure_id, f.profile`, db.At(tx.Now), db.List(tx, people))
}

func scanPost(row db.Row) (p Post, err error) { return p, row.Scan(&p.Structure, &p.Profile) }
