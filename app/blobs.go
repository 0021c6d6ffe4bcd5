package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/time/rate"

	"preau/core/blob"
	"preau/core/config"
	"preau/core/db"
	"preau/core/job"
	"preau/core/personal"
)

// arePlaces refuses what is said to be the place of blobs and is not: flags and what each says.
func arePlaces(flags ...string) error {
	for i := 0; i < len(flags); i += 2 {
		if flag, at := flags[i], flags[i+1]; at != "" && !blob.IsPlace(at) {
			return usage("%s: a bucket begins with s3://, and the path of a folder with /", flag)
		}
	}
	return nil
}

// openBlobs opens the blobs of a place, and those that move there.
func (h *House) openBlobs(at Place) (blob.Store, error) {
	to, err := blob.Open(at.Blobs, h.Key, h.Data)
	if err != nil || at.BlobsAlso == "" {
		return to, err
	}
	from, err := h.openOther("--blobs-also", at.BlobsAlso)
	if err != nil {
		return nil, errors.Join(err, to.Close())
	}
	return &blob.Moving{To: to, From: from}, nil
}

// openOther opens blobs that are there: a folder is not made for a slip of the pen.
func (h *House) openOther(flag, at string) (blob.Store, error) {
	if err := arePlaces(flag, at); err != nil {
		return nil, err
	}
	if strings.HasPrefix(at, "/") {
		if info, err := os.Stat(at); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("%s: no folder %s", flag, at)
		}
	}
	return blob.Open(at, h.Key, h.Data)
}

type blobsCommands struct {
	Copy   blobsCopyCommand   `cmd:"" help:"Copy to the place of --blobs what it lacks of that of --blobs-also, while the portal serves both. It goes on where it was stopped."`
	Verify blobsVerifyCommand `cmd:"" help:"Read every file whole, and list those that are damaged, and those that are missing."`
}

type blobsCopyCommand struct {
	place
	AtOnce int `help:"How many files are copied at once." default:"4"`
}

// Run copies the files of an installation that moves.
func (b *blobsCopyCommand) Run(ctx context.Context, c *console) error {
	if b.BlobsAlso == "" {
		return usage("say with --blobs-also where the files are that are to be copied")
	}
	if b.AtOnce < 1 {
		return usage("--at-once is 1 or more")
	}
	house, err := c.open(ctx, b.at())
	if err != nil {
		return err
	}
	defer house.Close()
	moving, is := house.Blobs.(*blob.Moving)
	if !is {
		return errors.New("there is one place of files only")
	}
	bar := countOn(c.err, "copying")
	done, err := blob.Copy(ctx, moving.From, moving.To, b.AtOnce, func(done blob.Copied) { bar.set(done.Blobs) })
	bar.end()
	if _, said := fmt.Fprintf(c.out, "%d files copied, of %d bytes; %d were there already.\n", done.Blobs, done.Bytes, done.There); err == nil {
		err = said
	}
	for _, sum := range done.Damaged {
		fmt.Fprintf(c.out, "damaged where it was, and not copied: %s\n", sum)
	}
	if err == nil && len(done.Damaged) > 0 {
		err = fmt.Errorf("%d files could not be copied", len(done.Damaged))
	}
	return err
}

type blobsVerifyCommand struct {
	place
	Replica string `help:"Where good ones may be, a folder or a bucket under the same key: what is damaged or missing is put again from there." placeholder:"PLACE"`
	Rate    int    `help:"How much is read in a second at most, in MB; 0: as much as can be." default:"50" placeholder:"MB"`
	JSON    bool   `name:"json" help:"Write one object a file with which something is wrong, then the counts."`
}

// Run looks at every file, and is refused while something is wrong with one.
func (b *blobsVerifyCommand) Run(ctx context.Context, c *console) error {
	if b.Rate < 0 {
		return usage("--rate is 0 or more")
	}
	house, err := c.open(ctx, b.at())
	if err != nil {
		return err
	}
	defer house.Close()
	scrubber := house.scrubber()
	if b.Replica != "" {
		replica, err := house.openOther("--replica", b.Replica)
		if err != nil {
			return err
		}
		defer replica.Close()
		scrubber.Replica = replica
	}
	if b.Rate > 0 {
		scrubber.Rate = rate.NewLimiter(rate.Limit(b.Rate<<20), 1<<20)
	}
	scrubber.Found = func(f blob.Finding) { _ = b.tell(c.out, f) }
	began := house.DB.Now()
	bar := countOn(c.err, "reading")
	var seen blob.Scrubbed
	for after := (blob.Sum{}); after != blob.Last && err == nil; {
		var more blob.Scrubbed
		after, more, err = scrubber.Run(ctx, after, blob.Last, verifiedAtOnce)
		seen = seen.Add(more)
		bar.set(seen.Blobs)
	}
	bar.end()
	if err != nil {
		return err
	}
	if err := house.remember(ctx, verified{Last: seen, Began: began, Done: house.DB.Now()}); err != nil {
		return err
	}
	if b.JSON {
		err = json.NewEncoder(c.out).Encode(seen)
	} else {
		_, err = fmt.Fprintf(c.out, "%d files, %d bytes read: %d damaged, %d missing, of which %d were mended; nothing refers to %d others, which the next night sweeps.\n",
			seen.Blobs, seen.Bytes, seen.Damaged, seen.Missing, seen.Mended, seen.Orphans)
	}
	if err == nil && seen.Wrong() > 0 {
		err = fmt.Errorf("%d files are damaged or missing", seen.Wrong())
	}
	return err
}

// tell writes what is wrong with a file.
func (b *blobsVerifyCommand) tell(out io.Writer, f blob.Finding) error {
	if b.JSON {
		return json.NewEncoder(out).Encode(struct {
			Sum    string   `json:"sum"`
			State  string   `json:"state"`
			Refers []string `json:"refers"`
			Mended bool     `json:"mended"`
			Why    string   `json:"why"`
		}{f.Sum.String(), stateOf(f), f.Refers, f.Mended, f.Err.Error()})
	}
	refers, mended := "nothing refers to it", ""
	if len(f.Refers) > 0 {
		refers = strings.Join(f.Refers, ", ")
	}
	if f.Mended {
		mended = ", mended"
	}
	_, err := fmt.Fprintf(out, "%s %s (%s)%s\n", stateOf(f), f.Sum, refers, mended)
	return err
}

// stateOf is what is wrong with a file, in a word.
func stateOf(f blob.Finding) string {
	if f.Missing {
		return "missing"
	}
	return "damaged"
}

// counter shows how many files were done, to somebody at a terminal.
type counter struct{ bar *progressbar.ProgressBar }

func countOn(w io.Writer, doing string) counter {
	if !onTerminal(w) {
		return counter{}
	}
	return counter{progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(doing),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())}
}

func (c counter) set(n int) {
	if c.bar != nil {
		_ = c.bar.Set(n) // a terminal that went away stops nothing
	}
}

func (c counter) end() {
	if c.bar != nil {
		_ = c.bar.Finish()
	}
}

// referredAtOnce is how many sums that are referred to are read in one transaction.
const referredAtOnce = 500

// scrubber looks at the blobs beside what the tables of the house refer to.
func (h *House) scrubber() *blob.Scrubber {
	holdings := h.holdings()
	return &blob.Scrubber{
		Store: h.Blobs, Old: h.DB.Now().AddDate(0, 0, -1),
		Referred: func(ctx context.Context, after blob.Sum) (sums []blob.Sum, err error) {
			err = h.DB.Read(ctx, func(tx *db.Tx) error {
				files, err := personal.Files(tx, holdings, after[:], referredAtOnce)
				if err != nil {
					return err
				}
				sums = make([]blob.Sum, len(files))
				for i, file := range files {
					if err := sums[i].Scan(file); err != nil {
						return err
					}
				}
				return nil
			})
			return sums, err
		},
		Refers: func(ctx context.Context, sum blob.Sum) (columns []string, err error) {
			err = h.DB.Read(ctx, func(tx *db.Tx) error {
				columns, err = personal.Having(tx, holdings, sum[:])
				return err
			})
			return columns, err
		},
	}
}

const (
	// verifiedAtOnce is how many bytes are read before it is noted how far that is.
	verifiedAtOnce = 64 << 20
	// verifyRests is how many times as long as it read the job of the night rests after each
	// part: it shares a disk, or a storage, with the pages.
	verifyRests = 3
	// verifyNights is over how many nights everything is read.
	verifyNights = 7
	// verifiedSetting has how far it is.
	verifiedSetting = "blobs verified"
)

// verified is how far the look at all blobs is, and what the last one found.
type verified struct {
	After blob.Sum      `json:"after"` // the last one that was read
	Round blob.Scrubbed `json:"round"` // what this round saw so far
	Began time.Time     `json:"began"` // this round, or the last one when it is done
	Last  blob.Scrubbed `json:"last"`  // what the last round saw
	Done  time.Time     `json:"done"`  // when it ended; zero: none did
}

// tonight is the sum to which a night goes on from another.
func tonight(after blob.Sum) blob.Sum {
	for night := 1; night < verifyNights; night++ {
		if bound := (blob.Sum{byte(256 * night / verifyNights)}); after.Compare(bound) < 0 {
			return bound
		}
	}
	return blob.Last
}

// recall reads how far the look at all blobs is.
func (h *House) recall(tx *db.Tx) (v verified, err error) {
	text, err := config.Recall(tx, verifiedSetting)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &v)
	}
	return v, err
}

// remember notes how far it is.
func (h *House) remember(ctx context.Context, v verified) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return h.DB.Write(ctx, func(tx *db.Tx) error { return config.Remember(tx, verifiedSetting, string(text)) })
}

// wrongBlobs tells how many blobs are damaged or missing, as far as is known.
func (h *House) wrongBlobs(tx *db.Tx) (int, error) {
	v, err := h.recall(tx)
	return max(v.Round.Wrong(), v.Last.Wrong()), err
}

// verifySomeBlobs looks at a part of the blobs, then goes on later, until the portion of the
// night is done: all of them are in a week.
func (h *House) verifySomeBlobs(ctx context.Context, _ job.Job) error {
	var v verified
	err := h.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = h.recall(tx)
		return err
	})
	if err != nil {
		return err
	}
	if v.After == (blob.Sum{}) {
		v.Round, v.Began = blob.Scrubbed{}, h.DB.Now()
	}
	scrubber := h.scrubber()
	scrubber.Found = func(f blob.Finding) {
		h.Log.Error("a file is "+stateOf(f), "file", f.Sum, "refers", f.Refers, "err", f.Err)
	}
	until, began := tonight(v.After), time.Now()
	last, seen, err := scrubber.Run(ctx, v.After, until, verifiedAtOnce)
	v.After, v.Round = last, v.Round.Add(seen)
	if err != nil { // what was seen is seen again
		return err
	}
	worked := time.Since(began)
	if last == blob.Last {
		v.After, v.Last, v.Done = blob.Sum{}, v.Round, h.DB.Now()
		h.Log.Info("every file was read", "since", v.Began, "files", v.Last.Blobs, "bytes", v.Last.Bytes, "damaged", v.Last.Damaged,
			"missing", v.Last.Missing, "orphans", v.Last.Orphans)
	}
	if err := h.remember(ctx, v); err != nil || last == until {
		return err
	}
	return job.Onward(nil, verifyRests*worked)
}
