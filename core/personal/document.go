package personal

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Words are the texts of the register of processing.
//
//go:embed words/*.json
var Words embed.FS

// Document writes the register of processing (GDPR article 30) in Markdown,
// table by table in the order of their names. say says a text of the catalogue.
func (t Tables) Document(say func(key string, args ...any) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n%s\n", say("personal.title"), say("personal.lead"), say("personal.base"))
	var plain []string
	sorted := slices.SortedFunc(slices.Values(t), func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	for _, table := range sorted {
		if len(table.Personal) == 0 {
			plain = append(plain, "`"+table.Name+"`")
			continue
		}
		table.document(&b, say)
	}
	fmt.Fprintf(&b, "\n## %s\n\n%s\n", say("personal.none"), strings.Join(plain, ", "))
	return b.String()
}

func (t Table) document(b *strings.Builder, say func(string, ...any) string) {
	recipients := make([]string, len(t.Recipients))
	for i, r := range t.Recipients {
		recipients[i] = say("personal.recipient." + string(r))
	}
	fmt.Fprintf(b, "\n## `%s`\n\n- %s : %s\n- %s : %s\n- %s : %s\n\n| %s | %s |\n|---|---|\n", t.Name,
		say("personal.purpose"), say("personal.purpose."+string(t.Purpose)),
		say("personal.recipients"), strings.Join(recipients, ", "),
		say("personal.retention"), t.kept(say),
		say("personal.column.data"), say("personal.column.category"))
	for _, column := range slices.Sorted(maps.Keys(t.Personal)) {
		fmt.Fprintf(b, "| `%s` | %s |\n", column, say("personal.category."+string(t.Personal[column])))
	}
}

// kept says how long rows are kept.
func (t Table) kept(say func(string, ...any) string) string {
	switch {
	case t.Sooner.From != "":
		return say("personal.term.sooner", t.Retention.Days, t.Retention.From, t.Sooner.Days, t.Sooner.From)
	case t.Retention.From != "":
		return say("personal.term.column", t.Retention.Days, t.Retention.From)
	case t.Retention.Days > 0:
		return say("personal.term.departure", t.Retention.Days)
	case t.GoesWithItsThing():
		return say("personal.term.thing")
	}
	return say("personal.term.none")
}

// Check refuses a declaration that leaves something unsaid.
func (t Tables) Check() error {
	for _, table := range t {
		if len(table.Personal) > 0 && (table.Purpose == "" || len(table.Recipients) == 0) {
			return fmt.Errorf("personal: %s has personal data without a purpose or recipients", table.Name)
		}
		columns := table.Columns()
		if len(slices.Compact(columns)) != len(table.Columns()) {
			return fmt.Errorf("personal: %s declares a column twice", table.Name)
		}
		named := slices.Concat(table.Subjects, table.Authors, table.Keys, table.Secret, table.Files, table.Things)
		for _, term := range table.terms() {
			named = append(named, term.From)
		}
		for _, column := range named {
			if !slices.Contains(columns, column) {
				return fmt.Errorf("personal: %s has no column %s", table.Name, column)
			}
		}
		if table.Retention == (Retention{}) && table.Sooner != (Retention{}) {
			return fmt.Errorf("personal: %s goes sooner than never", table.Name)
		}
	}
	return nil
}
