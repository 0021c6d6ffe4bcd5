package message

import (
	"slices"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/personal"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// Sent implements web.Sender: what somebody said in conversations, each post by itself; not
// what was sent back to the child who wrote it.
func (s *Service) Sent(r *web.Request, by web.Sending) ([]web.Sent, error) {
	posts, err := db.All(r.Tx, scanPost, `SELECT `+postColumns+` FROM message_post p JOIN message_thread t ON t.id = p.thread_id
		WHERE p.author_id = $1 AND p.state <> 'returned' AND `+by.In("p.posted_at", "t.school_id")+` ORDER BY p.posted_at DESC, p.id DESC `+by.Most(), by.Args()...)
	if err != nil {
		return nil, err
	}
	ids := make([]school.ID, len(posts))
	for i, p := range posts {
		ids[i] = p.Thread
	}
	threads, err := threadsWhere(r.Tx, "t.id "+r.Tx.Among(1), db.List(r.Tx, ids))
	if err != nil {
		return nil, err
	}
	to, err := s.sentTo(r, by.By, threads)
	if err != nil {
		return nil, err
	}
	of := threadsByID(threads)
	sent := make([]web.Sent, len(posts))
	for i, p := range posts {
		t := of[p.Thread]
		sent[i] = web.Sent{Thing: p.ID, School: t.School, At: p.Posted, Icon: ui.IconMessage, Title: t.Subject, Text: p.Body.Plain(), To: to[t.ID]}
	}
	return sent, nil
}

// sentTo says to whom somebody talks in some conversations, by conversation: as they
// addressed a group that is theirs, and else by name.
func (s *Service) sentTo(r *web.Request, by school.ID, threads []thread) (map[school.ID]string, error) {
	ids := make([]school.ID, len(threads))
	for i, t := range threads {
		ids[i] = t.ID
	}
	seats, err := seatsOf(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	called, err := namesIn(r.Tx, r.Printer, r.Actor.Profile, threads, nil, seats)
	if err != nil {
		return nil, err
	}
	audiences, err := audience.To(r.Tx, ids...)
	if err != nil {
		return nil, err
	}
	said := map[school.ID]string{}
	for _, t := range threads {
		label := ""
		if t.Kind == group {
			if label, err = groupName(r, audiences[t.ID], true); err != nil {
				return nil, err
			}
		}
		if label == "" {
			label = called.others(by, seats[t.ID])
		}
		said[t.ID] = label
	}
	return said, nil
}

// Settle implements web.Settler: a conversation was last written in when what is left in it
// was said, and is found by that alone, for whom it is by then. One in which nothing is left goes, with its seats;
// so does what would come back to one that is gone. Who reported a message is answered though it was taken away.
func (s *Service) Settle(tx *db.Tx, rows []personal.Row) (empty []school.ID, err error) {
	for _, id := range threadsOf(rows) {
		left, err := db.One(tx, db.Column[int], `SELECT count(*) FROM message_post p JOIN message_thread t ON t.id = p.thread_id WHERE t.id = $1`, id)
		if err != nil {
			return nil, err
		}
		if left == 0 {
			empty = append(empty, id)
			continue
		}
		if _, err := tx.Exec(`UPDATE message_thread SET last_at = coalesce((SELECT max(p.posted_at) FROM message_post p WHERE p.thread_id = $1 AND p.state = 'said'), last_at)
			WHERE id = $1`, id); err != nil {
			return nil, err
		}
		threads, err := threadsWhere(tx, "t.id = $1", id)
		if err != nil {
			return nil, err
		}
		if err := index(tx, threads[0]); err != nil {
			return nil, err
		}
		if err := whoReads(tx, threads[0]); err != nil {
			return nil, err
		}
	}
	for _, row := range rows {
		if row.Table == "message_report" && row.At("settled_at").IsZero() {
			if err := Holdings.Restore(tx, row); err != nil {
				return nil, err
			}
		}
	}
	return empty, nil
}

// threadsOf lists the conversations whose posts are among some rows.
func threadsOf(rows []personal.Row) (ids []school.ID) {
	for _, row := range rows {
		if id, is := row.Values["thread_id"].(int64); is && row.Table == "message_post" && !slices.Contains(ids, school.ID(id)) {
			ids = append(ids, school.ID(id))
		}
	}
	return ids
}
