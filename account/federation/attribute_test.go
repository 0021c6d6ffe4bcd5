package federation

import (
	"strings"
	"testing"
)

func TestAKeyIsReadWholeOrNotAtAll(t *testing.T) {
	for value, want := range map[string]refID{
		"{AAF}10|x|123456":   {"010", 123456},
		"{AAF}1||7":          {"001", 7},
		"{AAF}01|x|007":      {"001", 7},
		"{AAF}096|x|9000001": {"096", 9000001},
	} {
		if got, ok := parseRefID(value); !ok || got != want {
			t.Errorf("%s gives %+v, %v", value, got, ok)
		}
	}
	for _, value := range []string{
		"", "{AAF}", "10|x|123456", "{aaf}10|x|123456", " {AAF}10|x|123456", "{ECT}10|x|123456", "{AAF}10|123456", "{AAF}10|x|y|123456",
		"{AAF}10|x|123456|", "{AAF}10|x|", "{AAF}|x|123456", "{AAF}10|x|-1", "{AAF}10|x|+1", "{AAF}10|x|0", "{AAF}10|x|1e3", "{AAF}10|x|12 ",
		"{AAF}10|x|P123", "{AAF}1 0|x|1", "{AAF}0010|x|1", "{AAF}LYON|x|1", "{AAF}10|x|99999999999999999999", "{AAF}10|x|١",
		"{AAF}10|" + strings.Repeat("x", maxValue) + "|1",
	} {
		if got, ok := parseRefID(value); ok || got != (refID{}) {
			t.Errorf("%.60q gives %+v, %v", value, got, ok)
		}
	}
}

func TestAVectorIsReadWholeOrNotAtAll(t *testing.T) {
	want := vector{parentVector, "D'ESSAI", "Zoé", 123, "0789001K"}
	if got, ok := parseVector("1|D'ESSAI|Zoé|123|0789001K"); !ok || got != want {
		t.Errorf("%+v, %v", got, ok)
	}
	if got, ok := parseVector("3|Martin|Zoé|123|0789001K"); !ok || got.Type != pupilVector {
		t.Errorf("%+v, %v", got, ok)
	}
	for _, value := range []string{
		"", "1|||123|0789001K", "1|Martin|Zoé|123", "1|Martin|Zoé|123|0789001K|", "2|Martin|Zoé|123|0789001K", "4|Martin|Zoé|123|0789001K",
		"1 |Martin|Zoé|123|0789001K", "01|Martin|Zoé|123|0789001K", "1|Martin|Zoé|abc|0789001K", "1|Martin|Zoé||0789001K",
		"1|Martin|Zoé|123|0789001A", "1|Martin|Zoé|123|0789001k", "1|Martin|-|123|0789001K", "1|Martin|Zoé|-3|0789001K",
		"1|" + strings.Repeat("m", maxValue) + "|Zoé|123|0789001K",
	} {
		if got, ok := parseVector(value); ok || got != (vector{}) {
			t.Errorf("%.60q gives %+v, %v", value, got, ok)
		}
	}
}

// What is read is written back as it was read, whatever came.
func FuzzAttributes(f *testing.F) {
	for _, seed := range []string{"{AAF}10|x|123456", "{AAF}||", "1|Martin|Zoé|123|0789001K", "3|a|b|1|", "||||", "{AAF}10|x|\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if r, ok := parseRefID(value); ok {
			if len(r.Academy) != 3 || r.Key <= 0 || strings.Count(value, "|") != 2 || !strings.HasPrefix(value, "{AAF}") {
				t.Errorf("%q gives %+v", value, r)
			}
		} else if r != (refID{}) {
			t.Errorf("%q is refused and gives %+v", value, r)
		}
		if v, ok := parseVector(value); ok {
			if v.Type != parentVector && v.Type != pupilVector || v.Pupil <= 0 || !v.School.Valid() || v.Name == "" || v.First == "" || strings.Count(value, "|") != 4 {
				t.Errorf("%q gives %+v", value, v)
			}
		} else if v != (vector{}) {
			t.Errorf("%q is refused and gives %+v", value, v)
		}
	})
}

// No document makes the reader of shapes fail otherwise than by an error, and
// none that has a document type, a comment or two assertions passes.
func FuzzShape(f *testing.F) {
	for _, seed := range []string{
		`<a/>`, `<!DOCTYPE a><a/>`, `<a><!-- --></a>`, `<?xml version="1.0"?><a b="c"><d xmlns="e"/></a>`, `<a></b>`, ``,
		`<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		root, err := wellShaped(document)
		if err == nil && (len(root.in(nsAssertion, "Assertion")) != 1 || strings.Contains(string(document), "<!DOCTYPE")) {
			t.Errorf("%q passes", document)
		}
	})
}

func TestDeclarations(t *testing.T) {
	good := map[string]string{
		"educonnect": `{"name":"educonnect","label":"ÉduConnect","protocol":"saml","for":"families","matching":"educonnect","metadata":"https://idp.example/m","certificates":["` + strings.Repeat("AB:", 31) + `AB"]}`,
		"fim":        `{"name":"fim","label":"Académie","protocol":"oidc","for":"agents","matching":"mail","attributes":["email"],"issuer":"https://fim.example","client_id":"a","client_secret":"b"}`,
	}
	for name, text := range good {
		if _, err := Declared([]byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for what, change := range map[string][3]string{
		"a name of ours":         {"educonnect", `"name":"educonnect"`, `"name":"acs"`},
		"a name with a slash":    {"educonnect", `"name":"educonnect"`, `"name":"a/b"`},
		"no label":               {"educonnect", `"ÉduConnect"`, `" "`},
		"for nobody":             {"educonnect", `"families"`, `"operators"`},
		"families by mail":       {"educonnect", `"matching":"educonnect"`, `"matching":"mail","attributes":["mail"]`},
		"agents by key":          {"fim", `"matching":"mail","attributes":["email"]`, `"matching":"educonnect"`},
		"mail without attribute": {"fim", `"attributes":["email"],`, ``},
		"metadata in the clear":  {"educonnect", `https://idp.example/m`, `http://idp.example/m`},
		"metadata of a file URL": {"educonnect", `https://idp.example/m`, `file:///etc/passwd`},
		"half a fingerprint":     {"educonnect", `AB:AB:`, ``},
		"an issuer in the clear": {"fim", `https://fim.example`, `http://fim.example`},
		"no secret":              {"fim", `"client_secret":"b"`, `"client_secret":""`},
		"an unknown word":        {"fim", `"client_id"`, `"clientid"`},
		"another protocol":       {"fim", `"oidc"`, `"cas"`},
		"oidc with metadata":     {"fim", `"client_id":"a"`, `"client_id":"a","metadata":"https://x.example/"`},
		"two declarations":       {"fim", `"b"}`, `"b"}{}`},
	} {
		text := strings.Replace(good[change[0]], change[1], change[2], 1)
		if text == good[change[0]] {
			t.Fatalf("%s changes nothing", what)
		}
		if _, err := Declared([]byte(text)); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
}
