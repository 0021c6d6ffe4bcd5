package register

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"preau/core/attach"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/aaf"
	"preau/directory/feed"
	"preau/directory/onde"
	"preau/directory/place"
)

// importTime is how long a school's extractions may take.
const importTime = 2 * time.Minute

// ondeView is the page where a head drops extractions, or their preview.
type ondeView struct {
	School   directory.Structure
	Last     feed.Delivery // its ID is 0 when none was applied
	Refusal  *feed.Refusal // of what was dropped
	Draft    school.ID     // that waits to be applied, or accepted; 0 when none does
	Preview  *feed.Result  // nil when nothing was dropped, or all was refused
	Delivery feed.Delivery // of the preview, for the places of its lines
	Groups   []troubleGroup
	Leaving  []directory.Someone
	Moved    []readdressed // who would have another address
	Me       directory.Someone
	Family   []school.ID // of the visitor, themself among them
	Wrong    string      // sentence about the field
	Now      time.Time
}

// onde shows where to drop extractions.
func (s *Service) onde(r *web.Request) (web.Answer, error) {
	view, err := ondeOf(r)
	if err != nil {
		return nil, err
	}
	return ondeAnswer(r, view, 0), nil
}

// ondeOf reads the school of the path, for its head, unless the AAF delivers
// it.
func ondeOf(r *web.Request) (ondeView, error) {
	id, err := r.PathID("school")
	if err != nil {
		return ondeView{}, err
	}
	if err := r.Can(importOnde, rights.Object{School: id}); err != nil {
		return ondeView{}, err
	}
	view := ondeView{Now: r.Tx.Now}
	if view.School, err = directory.StructureByID(r.Tx, id); err != nil {
		return view, err
	}
	if view.School.Kind != directory.School || !view.School.Until.IsZero() {
		return view, fail.New(fail.NotFound, "%s is no school that is open", id)
	}
	by, err := feed.FeedsSchool(r.Tx, id)
	if err == nil && by == feed.FromAcademy {
		err = fail.New(fail.Conflict, "the AAF delivers %s", id).Say("feed.refusal." + string(feed.FedByAcademy))
	}
	if err != nil {
		return view, err
	}
	view.Last, _, err = feed.SchoolReport(r.Tx, id, view.School.Source)
	return view, err
}

// reading reads the school of the path in a transaction of its own: what
// follows takes long.
func (s *Service) reading(r *web.Request) (view ondeView, err error) {
	err = r.Read(func() (err error) {
		view, err = ondeOf(r)
		return err
	})
	return view, err
}

func ondeAnswer(r *web.Request, view ondeView, status int) web.Answer {
	title := r.Say("register.onde")
	if view.Preview != nil {
		title = r.Say("register.onde-preview")
	}
	return place.Page(view.School, web.Page{Title: title, Body: ondePage(view), Status: status})
}

// previewOnde takes in what was dropped, keeps it sealed, and shows what it
// would do.
func (s *Service) previewOnde(r *web.Request) (web.Answer, error) {
	view, err := s.reading(r)
	if err != nil {
		return nil, err
	}
	if err := attach.Receive(r, s.Accounts.Receives); err != nil {
		return nil, err
	}
	files, empty, err := filesOf(r)
	if err == nil && len(files) == 0 {
		view.Wrong = r.Say("register.onde-none")
		if empty {
			view.Wrong = r.Say("register.file-void")
		}
		return ondeAnswer(r, view, http.StatusUnprocessableEntity), nil
	}
	if err == nil {
		files, err = onde.Unpack(files...)
	}
	if err != nil {
		return s.refusedOnde(r, view, err)
	}
	return s.showOnde(r, view, feed.Draft{School: view.School.ID, By: r.Actor.Person, Files: files})
}

// acceptOnde shows again what was dropped, with the departures that refused
// it.
func (s *Service) acceptOnde(r *web.Request) (web.Answer, error) {
	view, _, draft, err := s.draftOf(r)
	if err != nil {
		return nil, err
	}
	draft.Accept = true
	return s.showOnde(r, view, draft)
}

// applyOnde applies what was shown, and nothing else.
func (s *Service) applyOnde(r *web.Request) (web.Answer, error) {
	view, id, draft, err := s.draftOf(r)
	if err != nil {
		return nil, err
	}
	result, err := s.Feeder.FeedExtraction(r.Context(), draft.Files, feed.School{UAI: view.School.UAI}, feed.Options{
		By: r.Actor.Person, AcceptDepartures: draft.Accept, Seen: &draft.Counts,
		Note: func(tx *db.Tx, result feed.Result) error {
			if result.State != feed.Applied {
				return nil
			}
			if err := s.Feeder.DropDraft(tx, id); err != nil {
				return err
			}
			return s.Audit.Write(tx, audit.Entry{
				By: r.By(), Action: actImportOnde,
				Kind: "delivery", Object: result.ID, School: view.School.ID,
			})
		},
	})
	var refusal *feed.Refusal
	if errors.As(err, &refusal) && refusal.Kind == feed.Unseen {
		view.Refusal = refusal
		return s.showOnde(r, view, draft)
	}
	if err != nil {
		return s.refusedOnde(r, view, err)
	}
	to := schoolPath(view.School.ID)
	if len(result.Held) > 0 {
		to = "/register/holds"
	}
	return web.Redirect{To: to, Notice: "register.onde-applied"}, nil
}

// draftOf reads the draft of the form, which its head made for the school of
// the path.
func (s *Service) draftOf(r *web.Request) (view ondeView, id school.ID, draft feed.Draft, err error) {
	err = r.Read(func() (err error) {
		if view, err = ondeOf(r); err != nil {
			return err
		}
		if id, err = r.FormID("draft"); err != nil {
			return err
		}
		draft, err = s.Feeder.DraftByID(r.Tx, id, view.School.ID, r.Actor.Person)
		if fail.Is(err, fail.NotFound) {
			err = fail.New(fail.Conflict, "%w", err).Say("register.onde-gone")
		}
		return err
	})
	return view, id, draft, err
}

// showOnde previews a draft, and keeps it with what it would do.
func (s *Service) showOnde(r *web.Request, view ondeView, draft feed.Draft) (web.Answer, error) {
	result, err := s.Feeder.FeedExtraction(r.Context(), draft.Files, feed.School{UAI: view.School.UAI}, feed.Options{
		By: r.Actor.Person, AcceptDepartures: draft.Accept, DryRun: true, Detail: true,
	})
	var refusal *feed.Refusal
	tooMany := errors.As(err, &refusal) && refusal.Kind == feed.TooManyDepartures
	if err != nil && !tooMany {
		return s.refusedOnde(r, view, err)
	}
	draft.Counts = result.Counts
	refused := err
	err = r.Write(func() (err error) {
		if view.Draft, err = s.Feeder.SaveDraft(r.Tx, draft); err != nil {
			return err
		}
		if view.Leaving, err = directory.SomeByID(r.Tx, result.Leaving...); err != nil {
			return err
		}
		if view.Moved, err = readdressedIn(r.Tx, view.School.ID, result.Readdressed); err != nil {
			return err
		}
		if view.Me, err = directory.Get(r.Tx, r.Actor.Person); err != nil {
			return err
		}
		view.Family, err = directory.OwnFamily(r.Tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return nil, err
	}
	if tooMany {
		return s.refusedOnde(r, view, refused)
	}
	lines, _ := parted(result.Lines, func(l feed.ReportLine) bool { return l.Kind != aaf.DroppedAttribute })
	view.Preview, view.Groups = &result, groups(lines)
	view.Delivery = feed.Delivery{Kind: feed.FromSchool, Name: result.Name}
	return ondeAnswer(r, view, 0), nil
}

// readdressed is somebody who would have another mail address, with the classes
// of their children in the school.
type readdressed struct {
	directory.Someone
	Classes []string
}

// readdressedIn names some people as a school knows them: an address is a way into
// an account, and the head knows who moves.
func readdressedIn(tx *db.Tx, at school.ID, people []school.ID) ([]readdressed, error) {
	who, err := directory.SomeByID(tx, people...)
	if err != nil || len(who) == 0 {
		return nil, err
	}
	classes, err := directory.ClassesOf(tx, at)
	if err != nil {
		return nil, err
	}
	labels, ids := map[school.ID]string{}, make([]school.ID, len(classes))
	for i, class := range classes {
		labels[class.ID], ids[i] = class.Label, class.ID
	}
	pupils, err := directory.PupilsIn(tx, ids...)
	if err != nil {
		return nil, err
	}
	kin, err := directory.KinOf(tx, directory.IDs(pupils)...)
	if err != nil {
		return nil, err
	}
	in, of := map[school.ID]string{}, map[school.ID][]string{}
	for _, pupil := range pupils {
		in[pupil.ID] = labels[pupil.Class]
	}
	for _, k := range kin {
		if label := in[k.Pupil]; !slices.Contains(of[k.ID], label) {
			of[k.ID] = append(of[k.ID], label)
		}
	}
	list := make([]readdressed, len(who))
	for i, one := range who {
		list[i] = readdressed{one, of[one.ID]}
	}
	return list, nil
}

// refusedOnde says why nothing of what was dropped is used.
func (s *Service) refusedOnde(r *web.Request, view ondeView, err error) (web.Answer, error) {
	var refusal *feed.Refusal
	if !errors.As(feed.AsRefusal(err), &refusal) {
		return nil, err
	}
	view.Refusal = refusal
	return ondeAnswer(r, view, http.StatusUnprocessableEntity), nil
}

// filesOf reads the files of the form that hold something, and tells whether
// some hold nothing.
func filesOf(r *web.Request) (files []onde.File, empty bool, err error) {
	if err := r.ParseMultipartForm(onde.MaxBytes); err != nil {
		return nil, false, fail.New(fail.Invalid, "the form cannot be read: %w", err)
	}
	for _, header := range r.MultipartForm.File["files"] {
		content, err := contentOf(header)
		if err != nil {
			return nil, false, err
		}
		if len(content) == 0 {
			empty = true
		} else {
			files = append(files, onde.File{Name: header.Filename, Content: content})
		}
	}
	return files, empty, nil
}

func contentOf(header *multipart.FileHeader) ([]byte, error) {
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file) // bounded with the body
}

// ondeTask leads a head to the page; it waits until something was dropped.
func ondeTask(ctx context.Context, v deskView) ui.Task {
	task := ui.Task{
		Href: schoolPath(v.School.ID) + "/onde", Icon: ui.IconUpload, Title: i18n.Say(ctx, "register.onde"),
		Text: i18n.Say(ctx, "register.onde-never"),
	}
	if v.Delivery.ID != 0 {
		task.Done, task.Text = true, i18n.Say(ctx, "register.onde-last", i18n.Moment(ctx, v.Delivery.FedAt, v.Now))
	}
	return task
}
