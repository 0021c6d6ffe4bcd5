package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Form holds fields and ends with [Actions]. When something in it is to be
// corrected, a summary above leads to the field that says what, which has the
// focus.
func Form(f FormView) templ.Component {
	if f.Wrong == "" {
		return form(f)
	}
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var fields []wrongField
		var drawn strings.Builder // before the summary, which is made of its fields
		if err := form(f).Render(context.WithValue(ctx, wrongFields{}, &fields), &drawn); err != nil {
			return err
		}
		return corrected(f.Wrong, fields, drawn.String()).Render(ctx, w)
	})
}

// wrongField is a field that says what is wrong in it.
type wrongField struct{ id, label string }

// wrongFields is the key by which the fields of a form find where to note
// themselves.
type wrongFields struct{}

// noteWrong notes a field, if something is wrong in it, for the summary of the
// form that it is in.
func noteWrong(ctx context.Context, id, label, wrong string) {
	if fields, ok := ctx.Value(wrongFields{}).(*[]wrongField); ok && wrong != "" {
		*fields = append(*fields, wrongField{id, label})
	}
}
