package attach

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"time"

	"preau/core/fail"
	"preau/core/photo"
	"preau/core/web"
)

// ticketTime is how long what was received waits for the form to be right: less than the
// day after which a blob to which nothing refers is swept.
const ticketTime = 20 * time.Hour

// ticket is a photo or a file that was received, as the form that comes back carries it.
// It is sealed, for the one who sent it and the bag that it was received for: nobody attaches
// what they do not hold, nor a document for a voice, nor what one room had to a thing of another.
type ticket struct {
	Photo  *photo.Kept `json:",omitempty"`
	File   *File       `json:",omitempty"`
	Name   string      // by which its sender knows it
	Until  time.Time
	sealed string
}

const ticketPurpose = "attach ticket"

// holder is for whom a ticket is good, and where.
func holder(r *web.Request, bag Bag) []byte {
	return []byte(r.Actor.Person.String() + " " + bag.name())
}

// ticket seals a ticket, for the visitor and a bag.
func (t *Tray) ticket(r *web.Request, bag Bag, k ticket) ticket {
	plain, err := json.Marshal(k)
	if err != nil {
		panic(err) // numbers and texts
	}
	k.sealed = base64.RawURLEncoding.EncodeToString(t.Key.Seal(ticketPurpose, plain, holder(r, bag)))
	return k
}

// open opens the tickets of the visitor, of a bag. One that is none of theirs, that is of another
// bag, or whose time is over, is left out, and is an error.
func (t *Tray) open(r *web.Request, bag Bag, sealed []string, now time.Time) (all []ticket, err error) {
	for _, one := range sealed {
		k := ticket{sealed: one}
		bytes, wrong := base64.RawURLEncoding.DecodeString(one)
		if wrong == nil {
			bytes, wrong = t.Key.Open(ticketPurpose, bytes, holder(r, bag))
		}
		if wrong == nil {
			wrong = json.Unmarshal(bytes, &k)
		}
		if wrong != nil || !now.Before(k.Until) {
			err = fail.New(fail.Invalid, "a ticket until %s: %v", k.Until, wrong).Say("attach.expired")
			continue
		}
		all = append(all, k)
	}
	return all, err
}

// KeptFields are the fields of a form that hold its tickets: a draft keeps them.
var KeptFields = []string{keptPhoto, keptFile}

// Take puts in a form the tickets of what a thing carried, in a bag, that is taken back.
func (t *Tray) Take(r *web.Request, bag Bag, set Set, form url.Values) {
	photos, files := t.tickets(r, bag, set)
	form[keptPhoto], form[keptFile] = sealed(photos), sealed(files)
}

// tickets are those of what a thing carries.
func (t *Tray) tickets(r *web.Request, bag Bag, set Set) (photos, files []ticket) {
	until := r.Tx.Now.Add(ticketTime)
	for i := range set.Photos {
		photos = append(photos, t.ticket(r, bag, ticket{Photo: &set.Photos[i], Name: r.Say("attach.photo", i+1), Until: until}))
	}
	for i := range set.Files {
		files = append(files, t.ticket(r, bag, ticket{File: &set.Files[i], Name: set.Files[i].Name, Until: until}))
	}
	return photos, files
}

func sealed(tickets []ticket) (all []string) {
	for _, k := range tickets {
		all = append(all, k.sealed)
	}
	return all
}

func photosOf(tickets []ticket) (all []photo.Kept) {
	for _, k := range tickets {
		if k.Photo != nil {
			all = append(all, *k.Photo)
		}
	}
	return all
}

func filesOf(tickets []ticket) (all []File) {
	for _, k := range tickets {
		if k.File != nil {
			all = append(all, *k.File)
		}
	}
	return all
}
