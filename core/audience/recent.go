package audience

import (
	"fmt"
	"strings"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// Posted is a thing of a room and to whom it is addressed, whoever reads it.
type Posted struct {
	Room      string
	Thing     school.ID
	School    school.ID // whose it is; 0: of no school
	Audiences []ID
	Published time.Time
	NewsUntil time.Time
}

// Recent lists what some rooms publish from an instant to another, the latest first, that is
// news still: whatever is found in most rows, one for each audience. It is one query, on the
// index of what was published when. All tells whether nothing was left out.
func Recent(tx *db.Tx, since, until time.Time, most int, rooms ...string) (list []Posted, all bool, err error) {
	args := []any{db.At(since), db.At(until), db.At(tx.Now), most}
	places := []string{"NULL"} // no room publishes nothing
	for _, room := range rooms {
		args = append(args, room)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	rows := 0
	err = tx.Each(func(row db.Row) error {
		var p Posted
		var to ID
		var published, news db.Time
		if err := row.Scan(&p.Thing, &to, &p.Room, &p.School, &published, &news); err != nil {
			return err
		}
		rows++
		if last := len(list) - 1; last >= 0 && list[last].Thing == p.Thing {
			list[last].Audiences = append(list[last].Audiences, to)
			return nil
		}
		p.Published, p.NewsUntil, p.Audiences = published.Time, news.Time, []ID{to}
		list = append(list, p)
		return nil
	}, `SELECT thing_id, audience, room, school_id, published_at, news_until_at FROM audience_address
		WHERE published_at > $1 AND published_at <= $2 AND news_until_at > $3 AND room IN (`+strings.Join(places, ", ")+`)
		ORDER BY published_at DESC, thing_id, audience LIMIT $4`, args...)
	if all = rows < most; !all && len(list) > 0 {
		list = list[:len(list)-1] // some of its audiences may be missing
	}
	return list, all, err
}
