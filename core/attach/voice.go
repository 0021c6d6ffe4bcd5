package attach

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"preau/core/blob"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/personal"
	"preau/core/web"
)

// Voice is a recording that stands beside a text, or for it. A row has one in three columns,
// [VoiceColumns]. The zero one is none.
type Voice struct {
	Sum  blob.Sum
	Kind Kind
	Size int64 // in bytes
}

// VoiceColumns are the columns of a [Voice], in the order of [Voice.Args] and [Voice.Into]: the
// name of its bytes in core/blob, or NULL; what it is; and how many bytes. [Voiced] declares
// them, and VoiceAgain takes the place of what a row had, where it is there already.
const (
	VoiceColumns = `voice, voice_kind, voice_size`
	VoiceAgain   = `voice = excluded.voice, voice_kind = excluded.voice_kind, voice_size = excluded.voice_size`
)

// Voiced declares the columns of a [Voice] in a table that has them.
func Voiced(t personal.Table) personal.Table {
	t.Personal["voice"] = personal.Content
	t.Plain = append(t.Plain, "voice_kind", "voice_size")
	t.Keys = append(t.Keys, "voice_size")
	t.Secret = append(t.Secret, "voice") // the name of a file, which tells nobody what it says
	t.Files = append(t.Files, "voice")
	return t
}

// OneVoice is the bag of a form that takes one recording, and nothing else: a new one takes the
// place of the one that came before it. Whoever takes the form writes it: see [Set.Voice].
func OneVoice() Bag { return Bag{Files: 1, voice: true} }

// Voice is the recording of a form that takes one.
func (s Set) Voice() (v Voice) {
	for _, f := range s.Files {
		v = Voice{Sum: f.Sum, Kind: f.Kind, Size: f.Size}
	}
	return v
}

// None tells whether there is no recording.
func (v Voice) None() bool { return v.Size == 0 }

// Args are what the three columns are written from, in their order.
func (v Voice) Args() []any {
	if v.None() {
		return []any{nil, "", 0}
	}
	return []any{v.Sum, string(v.Kind), v.Size}
}

// Into is where the three columns are read, in their order.
func (v *Voice) Into() []any { return []any{(*voiceSum)(&v.Sum), &v.Kind, &v.Size} }

// voiceSum is the name of the bytes of a recording, or of none.
type voiceSum blob.Sum

// Scan implements sql.Scanner.
func (s *voiceSum) Scan(value any) error {
	if value == nil {
		*s = voiceSum{}
		return nil
	}
	return (*blob.Sum)(s).Scan(value)
}

// isVoice refuses what is not listened to.
func (f File) isVoice() error {
	if f.Kind.Sounds() {
		return nil
	}
	return fail.New(fail.Invalid, "%s where a voice is expected", f.Kind).Say("attach.no-voice")
}

// file is the recording as a file that people keep.
func (v Voice) file(say i18n.Printer) File {
	return File{Sum: v.Sum, Name: say.Say("attach.voice") + sorts[v.Kind].Ending, Kind: v.Kind, Size: v.Size}
}

// Play gives a recording, to be listened to; none is fail.NotFound. Who may listen is the
// room's to say.
func (t *Tray) Play(r *web.Request, v Voice) (web.Answer, error) {
	if v.None() {
		return nil, fail.New(fail.NotFound, "nobody said it aloud")
	}
	return t.give(r, v.file(r.Printer))
}

// At shows a recording that is at an address, under a name that says whose it is.
func (v Voice) At(href, name string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error { return heard(v, href, name).Render(ctx, w) })
}

// VoiceField asks for a recording, in a form that takes [OneVoice].
type VoiceField struct {
	id      string
	form    web.Form
	kept    []ticket
	expired bool // what was received waited too long
}

// VoiceField is that of a form, which carries files, with what was received before it came
// back. Its page is a [web.Page] that Records; id is that of the field in it.
func (t *Tray) VoiceField(r *web.Request, form web.Form, id string) VoiceField {
	kept, err := t.open(r, OneVoice(), form.All(keptFile), r.Tx.Now)
	return VoiceField{id: id, form: form, kept: kept, expired: err != nil}
}

// Render implements templ.Component.
func (f VoiceField) Render(ctx context.Context, w io.Writer) error {
	return voiceField(f).Render(ctx, w)
}

// wrong is what is wrong with the recording.
func (f VoiceField) wrong(say i18n.Printer) string {
	if f.expired {
		return say.Say("attach.expired")
	}
	return f.form.Error(fieldFile)
}
