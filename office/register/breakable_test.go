package register

import (
	"strings"
	"testing"
)

func TestBreakable(t *testing.T) {
	for name, want := range map[string]string{
		"ENTEleveAutoriteParentale":   "ENTEleve<wbr>Autorite<wbr>Parentale",
		"PersRelEleve_0000.xml, n° 3": "Pers<wbr>Rel<wbr>Eleve_<wbr>0000.xml, n° 3",
		"<b>_&A":                      "&lt;b&gt;_<wbr>&amp;<wbr>A",
		"__":                          "_<wbr>_",
		"":                            "",
	} {
		var out strings.Builder
		if err := breakable(name).Render(t.Context(), &out); err != nil || out.String() != want {
			t.Errorf("%q gives %q, %v", name, out.String(), err)
		}
	}
}
