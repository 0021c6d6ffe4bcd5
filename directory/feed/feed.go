package feed

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/seal"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/onde"
)

//go:embed schema/*.sql
var files embed.FS

// Words are the texts of troubles and refusals, of what was done about them
// and of the states of deliveries: pages, exports and the command line say
// them alike.
//
//go:embed words/*.json
var Words embed.FS

// Schema is the migrations of the feed's tables.
func Schema() db.Schema { return db.Schema{Name: "feed", Files: files} }

// Feeder takes deliveries into the register.
type Feeder struct {
	DB   *db.DB
	Caps Caps
	Log  *slog.Logger
	// Key seals the extractions that wait to be applied.
	Key *seal.Key
	// Audit journals who fed, accepted and undid; nil in tests that do not ask.
	Audit *audit.Log
	// Newcomers gives a function that is told of the people whom the register
	// did not know, some at a time, and gives what is to be written about them in
	// the transaction of the delivery: account makes their logins.
	Newcomers func(*db.Tx) (func([]directory.Newcomer) func() error, error)
	// Ended is told, in the transaction of the delivery, of whoever was the acting head
	// of a school that has a head now: account ends what they handed out.
	Ended func(tx *db.Tx, at, person school.ID, by audit.By) error
	// Changed is told, in its transaction, that a delivery was applied or
	// undone, or that departures were accepted: more than one person has changed,
	// and figures that are kept are not to wait for the night.
	Changed func(*db.Tx) error
}

// Options are the choices of one feed.
type Options struct {
	DryRun           bool      // preview: roll back what was applied
	AcceptDepartures bool      // whatever their number
	By               school.ID // who feeds; 0 for the command line
	Detail           bool      // a preview gives its troubles, and who would leave or have another address
	// Seen is what a preview counted: an application that would do anything
	// else is refused.
	Seen      *Counts
	Progress  func(Progress)
	Perimeter *Perimeter // what the delivery may speak of; nil: everything
	// Note is told what became of each delivery, in the transaction that
	// applies it or journals its refusal: what it writes is written exactly when
	// that is. It is not told of a preview.
	Note func(*db.Tx, Result) error
}

// Progress says how far a feed is.
type Progress struct {
	Delivery string
	Stage    string // validate, compare, apply
	Records  int    // read so far, in the stage
}

// Result is what one delivery did.
type Result struct {
	ID    school.ID `json:"delivery_id,string"`
	Name  string    `json:"delivery"`
	Mode  aaf.Mode  `json:"mode"`
	State State     `json:"state"`
	Counts
	Warnings int     `json:"warnings"`
	Held     []Hold  `json:"held"`
	Seconds  float64 `json:"seconds"`
	PeakRSS  int64   `json:"peak_rss_bytes"`
	Refusal  string  `json:"refusal,omitempty"`

	// Lines and Leaving are the troubles and those who would depart, held or
	// not, of a preview with Detail.
	Lines   []ReportLine `json:"-"`
	Leaving []school.ID  `json:"-"`
	// Readdressed are those who would have another mail address, of a preview with
	// Detail: whoever has somebody's address may have their account.
	Readdressed []school.ID `json:"-"`
	// Interims are the functions of the acting heads whose schools have a head
	// now, as they were: they end.
	Interims []directory.Function `json:"-"`
	// Outside lists the structures that are not in the perimeter.
	Outside []Outside `json:"outside,omitempty"`
	// Kind is that of the refusal.
	Kind aaf.RefusalKind `json:"-"`
}

// State is what became of a delivery.
type State string

// The states.
const (
	Applied   State = "applied"
	Previewed State = "previewed"
	Refused   State = "refused"
	Undone    State = "undone"
)

// note tells what became of a delivery.
func (o Options) note(tx *db.Tx, r Result) error {
	if o.Note == nil {
		return nil
	}
	return o.Note(tx, r)
}

// errRollBack ends the transaction of a preview.
var errRollBack = errors.New("previewed")

// Feed takes every delivery at path into the register, oldest first, and
// stops at the first refusal, whose Result comes last with a *[Refusal]. What
// fails otherwise, such as for want of room, has no Result.
func (f *Feeder) Feed(ctx context.Context, path string, o Options) ([]Result, error) {
	release, err := f.DB.Lock(ctx, "feed")
	if fail.Is(err, fail.Conflict) {
		return nil, &Refusal{Kind: Busy, Reason: "another feed is under way; wait for its end"}
	}
	if err != nil {
		return nil, err
	}
	defer release()
	source, err := aaf.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Refusal{Kind: NoDelivery, Reason: "there is no file and no folder " + path}
	}
	if err != nil {
		return nil, AsRefusal(err)
	}
	defer source.Close()
	for _, name := range source.Ignored() {
		f.Log.Warn("not a delivery's file", "file", name)
	}
	deliveries := source.Deliveries()
	if len(deliveries) == 0 {
		return nil, &Refusal{Kind: NoDelivery, Reason: "no file there has the name of a delivery's"}
	}
	var results []Result
	for i := range deliveries {
		result, err := f.one(ctx, ofAcademy(&deliveries[i]), o)
		if result.State != "" {
			results = append(results, result)
		}
		if err != nil {
			return results, err
		}
	}
	return results, nil
}

// one takes one delivery through its stages and journals it, applied or
// refused. What failed has an empty Result.
func (f *Feeder) one(ctx context.Context, d *delivery, o Options) (Result, error) {
	began := time.Now()
	result := Result{ID: school.NewID(f.DB.Now()), Name: d.Name, Mode: d.Mode, Held: []Hold{}}
	err := f.stages(ctx, d, o, &result, began)
	result.Seconds, result.PeakRSS = time.Since(began).Seconds(), peakRSS()
	refusal, refused := AsRefusal(err).(*Refusal)
	if !refused {
		if err != nil {
			result = Result{Held: []Hold{}}
		}
		return result, err
	}
	result.State, result.Kind, result.Refusal, result.Counts = Refused, refusal.Kind, refusal.Error(), Counts{}
	if !o.DryRun {
		if err := f.DB.Write(ctx, func(tx *db.Tx) error {
			if err := journalRefusal(tx, &result, d, o, refusal); err != nil {
				return err
			}
			return o.note(tx, result)
		}); err != nil {
			return result, errors.Join(refusal, err)
		}
	}
	return result, refusal
}

func (f *Feeder) stages(ctx context.Context, d *delivery, o Options, result *Result, began time.Time) error {
	progress := o.Progress
	if progress == nil {
		progress = func(Progress) {}
	}
	if err := d.Check(); err != nil {
		return err
	}
	var fed map[school.UAI]fedSchool
	err := f.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if d.extraction != nil {
			return d.extraction.recognise(tx, d)
		}
		fed, err = fedByOnde(tx)
		return err
	})
	if err != nil {
		return err
	}
	around, err := f.fence(ctx, o.Perimeter)
	if err != nil {
		return err
	}
	survey, err := look(ctx, d, fed, around, func(n int) { progress(Progress{d.Name, "validate", n}) })
	if err != nil {
		return err
	}
	var c *comparison
	err = f.DB.Read(ctx, func(tx *db.Tx) error {
		source, err := sourceOf(tx, survey)
		if err != nil {
			return err
		}
		if err := o.Perimeter.admits(source); err != nil {
			return err
		}
		if err := source.accepts(d, tx.Now); err != nil {
			return err
		}
		if d.Date.After(tx.Now.Add(24 * time.Hour)) {
			f.Log.Warn("a delivery dated in the future: once it is applied, those before that day are refused", "delivery", d.Name)
		}
		progress(Progress{d.Name, "compare", 0})
		c, err = compare(tx, survey, source)
		return err
	})
	if err != nil {
		return err
	}
	result.Outside = around.outside()
	start := db.At(f.DB.Now())
	err = f.DB.Write(ctx, func(tx *db.Tx) error {
		if err := f.apply(ctx, tx, c, o, result, func(n int) { progress(Progress{d.Name, "apply", n}) }); err != nil {
			return err
		}
		result.State = Applied
		if o.Seen != nil && *o.Seen != result.Counts {
			return &Refusal{Kind: Unseen, Reason: "it would not do what its preview showed: preview it again"}
		}
		if o.DryRun {
			result.State = Previewed
			if o.Detail {
				if err := f.detail(tx, result, c, o); err != nil {
					return err
				}
			}
			return errRollBack
		}
		result.Seconds = time.Since(began).Seconds()
		if err := f.note(tx, actApply, result.ID, o.By); err != nil {
			return err
		}
		if err := f.tellInterims(tx, result, audit.By{Actor: o.By}); err != nil {
			return err
		}
		if err := f.changed(tx); err != nil {
			return err
		}
		if err := journal(tx, result, c, o); err != nil {
			return err
		}
		return o.note(tx, *result)
	})
	if errors.Is(err, errRollBack) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.strikeLate(ctx, result.ID, start, c.opened)
}

// strikeLate strikes the bonds that a delivery opened with the decisions that
// were recorded while it was applied: on PostgreSQL whoever records one does not
// see these bonds yet, nor the delivery the decision.
func (f *Feeder) strikeLate(ctx context.Context, delivery school.ID, since db.Time, opened []directory.Kinship) error {
	if len(opened) == 0 {
		return nil
	}
	return f.DB.Write(ctx, func(tx *db.Tx) error {
		late, err := db.One(tx, db.Column[bool], `SELECT EXISTS (SELECT 1 FROM directory_restriction WHERE recorded_at >= $1)`, since)
		if err == nil && late {
			_, err = directory.Strike(tx, delivery, opened...)
		}
		return err
	})
}

// detail adds to a preview what it would tell, and to whom it would happen.
func (f *Feeder) detail(tx *db.Tx, result *Result, c *comparison, o Options) (err error) {
	if err := journal(tx, result, c, o); err != nil {
		return err
	}
	if result.Lines, err = Report(tx, result.ID, nil); err != nil {
		return err
	}
	result.Readdressed, err = readdressed(tx, result.ID)
	return err
}

// readdressed lists those to whom a delivery gave another mail address, by its
// images. Who loses theirs is not among them, since nothing is sent any more, nor
// is an organisation, which has no account.
func readdressed(tx *db.Tx, delivery school.ID) ([]school.ID, error) {
	before := map[school.ID]string{}
	err := tx.Each(func(row db.Row) error {
		var text string
		var was struct {
			ID   school.ID `json:"id"`
			Mail string    `json:"mail"`
		}
		if err := row.Scan(&text); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(text), &was)
		if _, twice := before[was.ID]; !twice { // the first image is what was there
			before[was.ID] = was.Mail
		}
		return err
	}, `SELECT before FROM feed_image WHERE feed_id = $1 AND of_table = $2 ORDER BY rank`, delivery, directory.Persons.Name)
	if err != nil {
		return nil, err
	}
	var moved []school.ID
	for some := range slices.Chunk(slices.Sorted(maps.Keys(before)), chunkSize) {
		people, err := directory.Persons.Among(tx, "id", some, "mail <> '' AND NOT organisation")
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if !strings.EqualFold(p.Mail, before[p.ID]) {
				moved = append(moved, p.ID)
			}
		}
	}
	return moved, nil
}

// changed tells that the register did.
func (f *Feeder) changed(tx *db.Tx) error {
	if f.Changed == nil {
		return nil
	}
	return f.Changed(tx)
}

// note journals an act on a delivery.
func (f *Feeder) note(tx *db.Tx, action audit.Action, delivery, by school.ID) error {
	if f.Audit == nil {
		return nil
	}
	return f.Audit.Write(tx, audit.Entry{By: audit.By{Actor: by}, Action: action, Kind: "delivery", Object: delivery})
}

// tellInterims journals the end of each interim that a delivery ended, and tells
// of it.
func (f *Feeder) tellInterims(tx *db.Tx, result *Result, by audit.By) error {
	for _, acting := range result.Interims {
		if f.Audit != nil {
			if err := f.Audit.Write(tx, audit.Entry{
				By: by, Action: ActInterimOver, Kind: "delivery", Object: result.ID, Subject: acting.Person, School: acting.Structure,
			}); err != nil {
				return err
			}
		}
		if f.Ended != nil {
			if err := f.Ended(tx, acting.Structure, acting.Person, by); err != nil {
				return err
			}
		}
	}
	return nil
}

// AsRefusal makes the readers' refusals the feed's, and leaves other errors as
// they are.
func AsRefusal(err error) error {
	var theirs *aaf.Refusal
	if errors.As(err, &theirs) {
		return &Refusal{Kind: theirs.Kind, File: theirs.File, Line: theirs.Line, Record: theirs.Record, Reason: theirs.Reason}
	}
	var extraction *onde.Refusal
	if errors.As(err, &extraction) {
		return &Refusal{Kind: aaf.RefusalKind(extraction.Kind), File: extraction.File, Reason: extraction.Reason}
	}
	var ours *Refusal
	if errors.As(err, &ours) {
		return ours
	}
	return err
}
