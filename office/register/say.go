package register

import (
	"context"
	"strings"

	"preau/core/i18n"
	"preau/core/ui"
	"preau/directory"
)

// homeLink is the first link of every way back.
func homeLink(ctx context.Context) ui.Link {
	return ui.Link{Href: "/", Label: i18n.Say(ctx, "register.home")}
}

// crumbs is the way back from a page about a school.
func crumbs(ctx context.Context, at directory.Structure, further ...ui.Link) []ui.Link {
	return append([]ui.Link{homeLink(ctx), {Href: schoolPath(at.ID), Label: at.Name}}, further...)
}

// classSize says a class in a few words: "CP, CE1 · 24 élèves".
func classSize(ctx context.Context, c directory.ClassView) string {
	pupils := i18n.Say(ctx, "register.pupils", c.Pupils)
	if c.Levels == "" {
		return pupils
	}
	return c.Levels + " · " + pupils
}

// sharing says when a teacher who shares a class has it: "lundi et mardi,
// 50 %". It is empty for whoever has it all.
func sharing(ctx context.Context, in directory.InClass) string {
	var parts []string
	if in.Days != "" {
		parts = append(parts, days(ctx, in.Days))
	}
	if in.Share > 0 {
		parts = append(parts, i18n.Say(ctx, "register.percent", in.Share))
	}
	return strings.Join(parts, ", ")
}

// days says days of the week: "lundi, mardi et jeudi".
func days(ctx context.Context, codes string) string {
	var names []string
	for _, code := range strings.Fields(codes) {
		names = append(names, i18n.Say(ctx, "register.day-"+code))
	}
	return ui.And(i18n.From(ctx), names...)
}
