package reception

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"preau/core/db"
	"preau/core/i18n"
	"preau/core/school"
	"preau/directory/feed"
)

// Acknowledgement is what the rectorat is told of what it sent, in
// <name>.ack.json. It names nobody.
type Acknowledgement struct {
	ID      school.ID `json:"arrival_id,string"`
	Name    string    `json:"name"`
	SHA256  string    `json:"sha256,omitempty"` // of a file
	Bytes   int64     `json:"bytes"`
	Arrived time.Time `json:"received_at"`
	State   State     `json:"state"`
	Reason  Reason    `json:"reason,omitempty"`
	Text    string    `json:"text"`             // a sentence
	Remedy  string    `json:"remedy,omitempty"` // what to do
	// Detail says where, for those who made the delivery, in English.
	Detail   string         `json:"detail,omitempty"`
	Delivery *feed.Listing  `json:"delivery,omitempty"`
	Refused  []feed.Outside `json:"refused_schools,omitempty"`
}

// tellAll answers what became of everything that was decided: the sealed file
// goes to its shelf, the answer to the folder "out". It is done again until
// it is known to be done.
func (w *Watcher) tellAll(ctx context.Context, b *box) error {
	var list []Arrival
	if err := w.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = untold(tx, b.ID)
		return err
	}); err != nil {
		return err
	}
	var wrong []error
	for _, a := range list {
		err := w.Vault.place(&a)
		if err == nil {
			err = w.answer(ctx, b, a)
		}
		if err == nil {
			err = w.DB.Write(ctx, func(tx *db.Tx) error { return told(tx, a) })
		}
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}

// answer writes the acknowledgement of an arrival, and the conformity report
// of its delivery, where there is one.
func (w *Watcher) answer(ctx context.Context, b *box, a Arrival) error {
	say := func(key string, args ...any) string { return w.Words.Say(i18n.French, key, args...) }
	_, remedy := a.says()
	p := i18n.Printer{Catalogue: w.Words, Lang: i18n.French}
	ack := Acknowledgement{
		ID: a.ID, Name: a.Name, SHA256: a.Digest, Bytes: a.Size, Arrived: a.ArrivedAt.UTC(),
		State: a.State, Reason: a.Reason, Text: a.tell(p, w.DB.Now()), Detail: a.Detail,
	}
	if remedy != "" {
		ack.Remedy = say(remedy)
	}
	var lines []feed.ReportLine
	if err := w.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if ack.Refused, err = Refused(tx, a.ID); err != nil || a.Feed == 0 {
			return err
		}
		delivery, err := feed.DeliveryByID(tx, a.Feed)
		if err != nil {
			return err
		}
		listing := feed.Listed(delivery)
		ack.Delivery = &listing
		lines, err = feed.Report(tx, a.Feed, nil)
		return err
	}); err != nil {
		return err
	}
	if ack.Delivery != nil {
		var asJSON, asCSV bytes.Buffer
		if err := feed.WriteJSON(&asJSON, *ack.Delivery, lines, say); err != nil {
			return err
		}
		if err := feed.WriteCSV(&asCSV, lines, say); err != nil {
			return err
		}
		if err := errors.Join(b.leave(a.Name+".report.json", asJSON.Bytes()), b.leave(a.Name+".report.csv", asCSV.Bytes())); err != nil {
			return err
		}
	}
	return b.leaveJSON(a.Name+".ack.json", ack)
}

func (b *box) leaveJSON(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return b.leave(name, append(text, '\n'))
}

// leave writes a file in the folder "out", whole or not at all. Its group may
// read it: it is that of the SFTP accounts.
func (b *box) leave(name string, text []byte) error {
	part := "." + name + ".part"
	if err := b.out.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := b.out.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	// The umask of a service keeps its group from everything.
	if err := errors.Join(err, file.Chmod(0o640), file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("leaving %s: %w", name, err)
	}
	return b.out.Rename(part, name)
}

// Silence is what is left in silence.json while nothing comes.
type Silence struct {
	Account string    `json:"account"`
	Since   time.Time `json:"since"`
	Days    int       `json:"days"` // after which it is told
	Text    string    `json:"text"`
}

const silenceNote = "silence.json"

// listen tells once a day that nothing of use came for too long, and takes that
// back when something does.
func (w *Watcher) listen(ctx context.Context, b *box) error {
	var a Account
	if b.ID == 0 {
		return nil
	}
	if err := w.DB.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = accountByName(tx, b.Name) // as it is now that what came is in
		return err
	}); err != nil {
		return err
	}
	now := w.DB.Now()
	since, silent := a.silent(now)
	day := now.In(school.Paris).Format(time.DateOnly)
	switch {
	case silent && a.silenceDay != day:
		w.Log.Warn("nothing comes", "account", a.Name, "academy", a.Academy, "since", since)
		p := i18n.Printer{Catalogue: w.Words, Lang: i18n.French}
		note := Silence{a.Name, since.UTC(), a.SilenceDays, p.Say("reception.silence-note", p.Date(since.In(school.Paris)))}
		if err := b.leaveJSON(silenceNote, note); err != nil {
			return err
		}
	case !silent && a.silenceDay != "":
		day = ""
		if err := b.out.Remove(silenceNote); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	default:
		return nil
	}
	return w.DB.Write(ctx, func(tx *db.Tx) error { return toldSilence(tx, a.ID, day) })
}
