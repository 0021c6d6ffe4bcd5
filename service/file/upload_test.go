package file_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/service/file"
	"preau/test/house"
)

// partOf is how many bytes these tests send at once.
const partOf = 64 << 10

// noise is bytes that nothing compresses, and that say where they are.
func noise(n int) []byte {
	b := make([]byte, n)
	from := rand.NewChaCha8([32]byte{byte(n), byte(n >> 8)})
	from.Read(b)
	return b
}

// speaks sends a request of the protocol; headers are pairs, and one that is empty is left out.
func speaks(v house.Visitor, method, path string, body io.Reader, headers ...string) house.Reply {
	v.T.Helper()
	r, err := http.NewRequestWithContext(v.T.Context(), method, v.URL+path, body)
	if err != nil {
		v.T.Fatal(err)
	}
	r.Header.Set("Tus-Resumable", "1.0.0")
	for n := 0; n < len(headers); n += 2 {
		if r.Header.Set(headers[n], headers[n+1]); headers[n+1] == "" {
			r.Header.Del(headers[n])
		}
	}
	return v.Do(r)
}

// named is the metadata of a file, whose name may have folders.
func named(name string) string {
	return "filename " + base64.StdEncoding.EncodeToString([]byte(name[strings.LastIndexByte(name, '/')+1:])) + ",path " + base64.StdEncoding.EncodeToString([]byte(name))
}

// begins announces a file, and gives its address.
func begins(v house.Visitor, in, name string, size int) string {
	v.T.Helper()
	begun := speaks(v, http.MethodPost, in+"/uploads", nil, "Upload-Length", strconv.Itoa(size), "Upload-Metadata", named(name))
	if begun.StatusCode != http.StatusCreated {
		v.T.Fatalf("%s is announced: %d %s", name, begun.StatusCode, begun.Body)
	}
	return begun.Header.Get("Location")
}

// goesOn sends a part of a file.
func goesOn(v house.Visitor, at string, offset int, body []byte, headers ...string) house.Reply {
	v.T.Helper()
	return speaks(v, http.MethodPatch, at, bytes.NewReader(body), append([]string{"Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream"}, headers...)...)
}

// wantsAt checks where an upload is.
func wantsAt(v house.Visitor, at string, offset int) {
	v.T.Helper()
	if told := speaks(v, http.MethodHead, at, nil); told.StatusCode != http.StatusOK || told.Header.Get("Upload-Offset") != strconv.Itoa(offset) || told.Header.Get("Cache-Control") != "no-store" {
		v.T.Errorf("the upload is at %q (%d), want %d", told.Header.Get("Upload-Offset"), told.StatusCode, offset)
	}
}

// rows counts the rows of a table.
func (h *town) rows(table string) (n int) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) error { return tx.Get([]any{&n}, `SELECT COUNT(*) FROM `+table) })
	return n
}

func TestAFileThatIsNotAnnouncedWell(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		in := mine(h.teacher)
		file := puts(teacher, in, "un.txt", "un fichier")
		for name, c := range map[string]struct {
			by      house.Visitor
			in      string
			headers []string
			status  int
		}{
			"no session":              {house.Visitor{House: h.House}, in, []string{"Upload-Length", "5"}, http.StatusUnauthorized},
			"a parent":                {h.Enter(h.parent, school.Guardian), in, []string{"Upload-Length", "5"}, http.StatusNotFound},
			"another teacher":         {h.Enter(h.nextTeacher, school.Teacher), in, []string{"Upload-Length", "5"}, http.StatusNotFound},
			"a pupil into a class":    {h.Enter(h.pupil, school.Pupil), ofClass(h.class), []string{"Upload-Length", "5"}, http.StatusNotFound},
			"into a file":             {teacher, file, []string{"Upload-Length", "5"}, http.StatusNotFound},
			"into nothing":            {teacher, "/file/in/99", []string{"Upload-Length", "5"}, http.StatusNotFound},
			"another version":         {teacher, in, []string{"Upload-Length", "5", "Tus-Resumable", "0.2.2"}, http.StatusPreconditionFailed},
			"no version":              {teacher, in, []string{"Upload-Length", "5", "Tus-Resumable", ""}, http.StatusPreconditionFailed},
			"no length":               {teacher, in, nil, http.StatusBadRequest},
			"a length later":          {teacher, in, []string{"Upload-Defer-Length", "1"}, http.StatusBadRequest},
			"a negative length":       {teacher, in, []string{"Upload-Length", "-1"}, http.StatusBadRequest},
			"no number":               {teacher, in, []string{"Upload-Length", "0x10"}, http.StatusBadRequest},
			"more than a number":      {teacher, in, []string{"Upload-Length", "9223372036854775808"}, http.StatusBadRequest},
			"the largest number":      {teacher, in, []string{"Upload-Length", "9223372036854775807"}, http.StatusRequestEntityTooLarge},
			"more than there is room": {teacher, in, []string{"Upload-Length", strconv.Itoa(4<<30 + 1)}, http.StatusRequestEntityTooLarge},
			"no base64":               {teacher, in, []string{"Upload-Length", "5", "Upload-Metadata", "filename §"}, http.StatusBadRequest},
			"a key twice":             {teacher, in, []string{"Upload-Length", "5", "Upload-Metadata", "filename YQ==,filename YQ=="}, http.StatusBadRequest},
			"a name up the tree":      {teacher, in, []string{"Upload-Length", "5", "Upload-Metadata", named("../x.txt")}, http.StatusUnprocessableEntity},
			"no name":                 {teacher, in, []string{"Upload-Length", "5", "Upload-Metadata", ""}, http.StatusUnprocessableEntity},
			"too deep":                {teacher, in, []string{"Upload-Length", "5", "Upload-Metadata", named(strings.Repeat("a/", 30) + "x")}, http.StatusUnprocessableEntity},
		} {
			headers := append([]string{"Upload-Metadata", named("x.txt")}, c.headers...)
			if got := speaks(c.by, http.MethodPost, c.in+"/uploads", nil, headers...); got.StatusCode != c.status || got.Header.Get("Tus-Resumable") != "1.0.0" || strings.Contains(got.Body, "<") {
				t.Errorf("%s: %d %.80q, want %d", name, got.StatusCode, got.Body, c.status)
			}
		}
		foreign := speaks(teacher, http.MethodPost, in+"/uploads", nil, "Upload-Length", "5", "Upload-Metadata", named("x.txt"), "Sec-Fetch-Site", "cross-site")
		if foreign.StatusCode != http.StatusForbidden {
			t.Errorf("another site announces a file: %d", foreign.StatusCode)
		}
		if n := h.rows("file_upload"); n != 0 {
			t.Errorf("%d uploads are begun", n)
		}
	})
}

func TestAPartThatIsNotTaken(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		whole := noise(3 * partOf)
		at := begins(teacher, mine(h.teacher), "film.bin", len(whole))
		if got := goesOn(teacher, at, 0, whole[:partOf]); got.StatusCode != http.StatusNoContent || got.Header.Get("Upload-Offset") != strconv.Itoa(partOf) || got.Header.Get("Upload-Expires") == "" {
			t.Fatalf("the first part: %d, %v", got.StatusCode, got.Header)
		}
		for name, c := range map[string]struct {
			by      house.Visitor
			offset  int
			body    []byte
			headers []string
			status  int
		}{
			"no session":        {house.Visitor{House: h.House}, partOf, whole[partOf:], nil, http.StatusUnauthorized},
			"another's":         {h.Enter(h.nextTeacher, school.Teacher), partOf, whole[partOf:], nil, http.StatusNotFound},
			"a pupil's":         {h.Enter(h.pupil, school.Pupil), partOf, whole[partOf:], nil, http.StatusNotFound},
			"the same again":    {teacher, 0, whole[:partOf], nil, http.StatusConflict},
			"further on":        {teacher, 2 * partOf, whole[2*partOf:], nil, http.StatusConflict},
			"no offset":         {teacher, partOf, whole[partOf:], []string{"Upload-Offset", ""}, http.StatusBadRequest},
			"before the first":  {teacher, -1, whole[partOf:], nil, http.StatusBadRequest},
			"a form":            {teacher, partOf, whole[partOf:], []string{"Content-Type", "application/x-www-form-urlencoded"}, http.StatusUnsupportedMediaType},
			"another version":   {teacher, partOf, whole[partOf:], []string{"Tus-Resumable", "1.1.0"}, http.StatusPreconditionFailed},
			"more than is left": {teacher, partOf, noise(2*partOf + 1), nil, http.StatusRequestEntityTooLarge},
			"a crumb":           {teacher, partOf, whole[partOf : partOf+10], nil, http.StatusBadRequest},
		} {
			if got := goesOn(c.by, at, c.offset, c.body, c.headers...); got.StatusCode != c.status {
				t.Errorf("%s: %d %s, want %d", name, got.StatusCode, got.Body, c.status)
			}
		}
		// Without a length, what is more than is left is known once it came.
		long := speaks(teacher, http.MethodPatch, at, io.MultiReader(bytes.NewReader(noise(2*partOf+1))), "Upload-Offset", strconv.Itoa(partOf), "Content-Type", "application/offset+octet-stream")
		if long.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("more than is left, without a length: %d", long.StatusCode)
		}
		for _, other := range []house.Visitor{h.Enter(h.nextTeacher, school.Teacher), h.Enter(h.pupil, school.Pupil)} {
			for _, method := range []string{http.MethodHead, http.MethodDelete} {
				if got := speaks(other, method, at, nil); got.StatusCode != http.StatusNotFound {
					t.Errorf("%s of another's upload: %d", method, got.StatusCode)
				}
			}
		}
		wantsAt(teacher, at, partOf)
		h.uses(h.teacher, 0)
	})
}

func TestAFileComesInParts(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		whole := noise(2*partOf + 100)
		at := begins(teacher, mine(h.teacher), "Sortie/Photos/film.bin", len(whole))
		wantsAt(teacher, at, 0)
		for from := 0; from < len(whole); from += partOf {
			goesOn(teacher, at, from, whole[from:min(len(whole), from+partOf)]).Wants(http.StatusNoContent)
		}
		// Who did not hear the last answer asks, and is told that nothing is left to send.
		wantsAt(teacher, at, len(whole))
		if got := goesOn(teacher, at, len(whole), nil); got.StatusCode != http.StatusConflict {
			t.Errorf("something after the end: %d", got.StatusCode)
		}
		folder := find(teacher, find(teacher, mine(h.teacher), "Sortie"), "Photos")
		if got := taken(teacher, find(teacher, folder, "film.bin")); got.Body != string(whole) {
			t.Errorf("%d bytes come back, %d were sent", len(got.Body), len(whole))
		}
		h.uses(h.teacher, len(whole))
		if n := h.rows("file_part"); n != 0 {
			t.Errorf("%d parts stay", n)
		}
		// A second one goes in the same folders; an empty one is there at once.
		begins(teacher, mine(h.teacher), "Sortie/Photos/vide.txt", 0)
		if got := taken(teacher, find(teacher, folder, "vide.txt")); got.Body != "" {
			t.Errorf("an empty file holds %q", got.Body)
		}
		spoken := speaks(teacher, http.MethodOptions, mine(h.teacher)+"/uploads", nil)
		if spoken.StatusCode != http.StatusNoContent || spoken.Header.Get("Tus-Version") != "1.0.0" || spoken.Header.Get("Tus-Extension") != "creation,expiration,termination" {
			t.Errorf("what is spoken: %d %v", spoken.StatusCode, spoken.Header)
		}
	})
}

// A picture that comes in parts is kept as one that a form sends: without what it says of its sender.
func TestAPictureComesInParts(t *testing.T) {
	h := onSQLite(t)
	teacher := h.Enter(h.teacher, school.Teacher)
	shot := house.Shot(t, 2400, 1800)
	at := begins(teacher, mine(h.teacher), "vacances.png", len(shot))
	for from := 0; from < len(shot); from += partOf {
		goesOn(teacher, at, from, shot[from:min(len(shot), from+partOf)]).Wants(http.StatusNoContent)
	}
	if got := taken(teacher, find(teacher, mine(h.teacher), "vacances.jpg")); got.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(got.Body, "Exif") {
		t.Errorf("the picture is %s", got.Header.Get("Content-Type"))
	}
}

func TestACasierTakesParts(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher, pupil, mate := h.Enter(h.teacher, school.Teacher), h.Enter(h.pupil, school.Pupil), h.Enter(h.classmate, school.Pupil)
		folder := makes(teacher, ofClass(h.class), "À rendre")
		opens(teacher, folder, h.class, "drop", "pupils")
		at := begins(pupil, folder, "exposé/dessin.txt", 5)
		if got := goesOn(mate, at, 0, []byte("voler")); got.StatusCode != http.StatusNotFound {
			t.Errorf("a classmate goes on with it: %d", got.StatusCode)
		}
		goesOn(pupil, at, 0, []byte("chien")).Wants(http.StatusNoContent)
		inside := find(pupil, find(pupil, folder, "exposé"), "dessin.txt")
		taken(pupil, inside).Wants(http.StatusOK, "chien")
		taken(mate, inside).Wants(http.StatusNotFound)
		mate.Get(folder).Lacks(http.StatusOK, "exposé")
	})
}

func TestWhatChangedMeanwhile(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		folder := makes(teacher, mine(h.teacher), "Projet")
		whole := noise(2 * partOf)
		at := begins(teacher, folder, "film.bin", len(whole))
		goesOn(teacher, at, 0, whole[:partOf]).Wants(http.StatusNoContent)
		// The folder was put in the bin; it comes back, and the file goes on.
		teacher.Post(folder+"/bin", nil).Wants(http.StatusSeeOther)
		goesOn(teacher, at, partOf, whole[partOf:]).Wants(http.StatusNotFound)
		wantsAt(teacher, at, partOf)
		teacher.Post(folder+"/restore", nil).Wants(http.StatusSeeOther)
		// The session ended; another goes on.
		teacher.Post("/logout", nil)
		goesOn(teacher, at, partOf, whole[partOf:]).Wants(http.StatusUnauthorized)
		teacher = h.Enter(h.teacher, school.Teacher)
		// There is no more room.
		quota := func(bytes int) {
			h.Write(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE file_space SET quota = $2 WHERE of_id = $1`, h.teacher, bytes)
				return err
			})
		}
		quota(partOf)
		goesOn(teacher, at, partOf, whole[partOf:]).Wants(http.StatusRequestEntityTooLarge)
		wantsAt(teacher, at, partOf)
		h.uses(h.teacher, 0)
		quota(1 << 30)
		goesOn(teacher, at, partOf, whole[partOf:]).Wants(http.StatusNoContent)
		taken(teacher, find(teacher, folder, "film.bin")).Wants(http.StatusOK, string(whole))
		// What was announced and does not come is counted until it is given up, or its time is over.
		quota(4 * partOf)
		given := begins(teacher, folder, "un.bin", 2*partOf)
		announce := func() int {
			return speaks(teacher, http.MethodPost, folder+"/uploads", nil, "Upload-Length", strconv.Itoa(2*partOf), "Upload-Metadata", named("deux.bin")).StatusCode
		}
		if got := announce(); got != http.StatusRequestEntityTooLarge {
			t.Errorf("more than there is room, with what was announced: %d", got)
		}
		speaks(teacher, http.MethodDelete, given, nil).Wants(http.StatusNoContent)
		speaks(teacher, http.MethodHead, given, nil).Wants(http.StatusNotFound)
		if got := announce(); got != http.StatusCreated {
			t.Errorf("once it was given up: %d", got)
		}
	})
}

func TestAnUploadEnds(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		whole := noise(2 * partOf)
		at := begins(teacher, mine(h.teacher), "film.bin", len(whole))
		goesOn(teacher, at, 0, whole[:partOf]).Wants(http.StatusNoContent)
		h.Write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE file_upload SET expires_at = $1`, db.At(tx.Now))
			return err
		})
		for _, got := range []house.Reply{goesOn(teacher, at, partOf, whole[partOf:]), speaks(teacher, http.MethodHead, at, nil), speaks(teacher, http.MethodDelete, at, nil)} {
			if got.StatusCode != http.StatusGone {
				t.Errorf("%s of what is over: %d", got.Request.Method, got.StatusCode)
			}
		}
		if n := h.rows("file_part"); n != 1 {
			t.Fatalf("%d parts", n)
		}
		h.purge(time.Hour)
		if n := h.rows("file_part"); n != 1 {
			t.Errorf("%d parts, an hour after", n)
		}
		h.purge(25 * time.Hour)
		if n := h.rows("file_part") + h.rows("file_upload"); n != 0 {
			t.Errorf("%d rows stay of what is over", n)
		}
	})
}

func TestManyUploads(t *testing.T) {
	h := onSQLite(t)
	teacher, pupil := h.Enter(h.teacher, school.Teacher), h.Enter(h.pupil, school.Pupil)
	for range 50 {
		begins(teacher, mine(h.teacher), "x.bin", 10)
	}
	more := speaks(teacher, http.MethodPost, mine(h.teacher)+"/uploads", nil, "Upload-Length", "10", "Upload-Metadata", named("x.bin"))
	more.Wants(http.StatusTooManyRequests, "annulez-les")
	begins(pupil, mine(h.pupil), "x.bin", 10)

	// Who sends all day is stopped, by a part and by a form, and comes back the day after.
	h.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE file_received SET bytes = $1`, 3<<29-100)
		if err == nil {
			_, err = tx.Exec(`INSERT INTO file_received (person_id, day_at, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, h.pupil, db.At(tx.Now.Truncate(24*time.Hour)), 3<<29-100)
		}
		return err
	})
	at := begins(pupil, mine(h.pupil), "y.bin", partOf)
	goesOn(pupil, at, 0, noise(partOf)).Wants(http.StatusTooManyRequests, "demain")
	wantsAt(pupil, at, 0)
	send(pupil, mine(h.pupil), "z.txt", "quelques mots").Wants(http.StatusTooManyRequests)
	h.Later(25 * time.Hour)
	pupil = h.Enter(h.pupil, school.Pupil)
	goesOn(pupil, begins(pupil, mine(h.pupil), "y.bin", partOf), 0, noise(partOf)).Wants(http.StatusNoContent)
}

// Of two requests for the same part one wins, and what is kept is of one of them.
func TestTwoPartsAtOnce(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		whole := noise(2 * partOf)
		at := begins(teacher, mine(h.teacher), "film.bin", len(whole))
		for _, from := range []int{0, partOf} {
			var won, lost int
			var mu sync.Mutex
			var wait sync.WaitGroup
			for range 4 {
				wait.Go(func() {
					r, err := http.NewRequestWithContext(context.Background(), http.MethodPatch, h.URL+at, bytes.NewReader(whole[from:from+partOf]))
					if err != nil {
						t.Error(err)
						return
					}
					r.Header = http.Header{"Tus-Resumable": {"1.0.0"}, "Upload-Offset": {strconv.Itoa(from)}, "Content-Type": {"application/offset+octet-stream"}, "Cookie": {"preau=" + teacher.Token}}
					got, err := http.DefaultClient.Do(r)
					if err != nil {
						t.Error(err)
						return
					}
					got.Body.Close()
					mu.Lock()
					defer mu.Unlock()
					switch got.StatusCode {
					case http.StatusNoContent:
						won++
					case http.StatusConflict:
						lost++
					default:
						t.Errorf("a part at %d: %d", from, got.StatusCode)
					}
				})
			}
			wait.Wait()
			if won != 1 || lost != 3 {
				t.Errorf("at %d, %d won and %d lost", from, won, lost)
			}
		}
		taken(teacher, find(teacher, mine(h.teacher), "film.bin")).Wants(http.StatusOK, string(whole))
		h.uses(h.teacher, len(whole))
	})
}

// What came of a part before its sender was cut is kept.
func TestWhoIsCutGoesOn(t *testing.T) {
	onBoth(t, func(h *town) {
		teacher := h.Enter(h.teacher, school.Teacher)
		whole := noise(4 * partOf)
		at := begins(teacher, mine(h.teacher), "film.bin", len(whole))
		to, err := url.Parse(h.URL)
		if err != nil {
			t.Fatal(err)
		}
		line, err := net.Dial("tcp", to.Host)
		if err != nil {
			t.Fatal(err)
		}
		defer line.Close()
		head := "PATCH " + at + " HTTP/1.1\r\nHost: " + to.Host + "\r\nCookie: preau=" + teacher.Token + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: " + strconv.Itoa(len(whole)) + "\r\n\r\n"
		if _, err := io.WriteString(line, head+string(whole[:2*partOf])); err != nil {
			t.Fatal(err)
		}
		if err := line.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(line); err != nil { // until the other side is done with it
			t.Fatal(err)
		}
		wantsAt(teacher, at, 2*partOf)
		goesOn(teacher, at, 2*partOf, whole[2*partOf:]).Wants(http.StatusNoContent)
		taken(teacher, find(teacher, mine(h.teacher), "film.bin")).Wants(http.StatusOK, string(whole))
	})
}

func FuzzMetadata(f *testing.F) {
	for _, seed := range []string{"", named("Sortie/film.bin"), "filename YQ==,original", "a,,b", "filename §"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		folders, name, err := file.AnnouncedName(header)
		if err != nil {
			return
		}
		for part := range strings.SplitSeq(folders+"/"+name, "/") {
			if part == "." || part == ".." || strings.ContainsAny(part, "\x00\\") {
				t.Errorf("%q gives %q in %q", header, name, folders)
			}
		}
		if name == "" || strings.Contains(name, "/") {
			t.Errorf("%q gives the name %q", header, name)
		}
	})
}

// purge forgets what is past its term some time from now.
func (h *town) purge(after time.Duration) {
	h.T.Helper()
	h.Write(func(tx *db.Tx) error {
		was := tx.Now
		tx.Now = was.Add(after)
		_, err := file.Holdings.Purge(tx)
		tx.Now = was
		return err
	})
}
