package attach

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"preau/core/fail"
)

// compound is how a compound file of OLE begins ([MS-CFB] § 2.2): an object of another program,
// whatever its member is called.
const compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// embedded tells whether a member is an object of another program, in Office Open XML: what is in
// a folder of this name, but for the tables of charts and their like.
func embedded(name string) bool {
	return path.Base(path.Dir(strings.ToLower(name))) == "embeddings" && !strings.HasSuffix(name, "/") &&
		!ends(name, ".xlsx") && !ends(name, ".docx") && !ends(name, ".pptx")
}

// telling tells whether a member says what the document fetches and runs: the relationships of
// Office Open XML (ECMA-376 part 2 § 6.5), the texts of OpenDocument.
func telling(name string) bool {
	switch path.Base(name) {
	case "content" + ".xml", "styles.xml", "meta.xml", "manifest.xml":
		return true
	}
	return ends(name, ".rels")
}

// What a document may have, or not, of the types of relationships and of the elements that lead
// somewhere.
var (
	outside = []string{"hyperlink", "image", "audio", "video", "media", "externalLinkPath"} // outside of an Office Open XML
	nowhere = []string{"oleObject", "control", "aFChunk"}                                   // not even within it
	within  = []string{"object", "object-ole", "floating-frame", "section-source", "template"}
	never   = []string{"dde-source", "dde-connection-decl", "applet"}
)

// fetches refuses a document that opens an object of another program or what is elsewhere, without
// being asked to, as one of its members tells. Who reads follows a link, and sees a picture.
func fetches(r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		token, err := d.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, new(*xml.SyntaxError)):
			return unknown("a member that is not read: %w", err)
		case err != nil:
			return err
		}
		switch is := token.(type) {
		case xml.Directive: // a DOCTYPE, whose entities hide what is said
			if strings.Contains(string(is), "[") {
				return unknown("a member with entities")
			}
		case xml.StartElement:
			if err := leads(is); err != nil {
				return err
			}
		}
	}
}

// leads refuses an element that opens what is elsewhere.
func leads(is xml.StartElement) error {
	name := is.Name.Local
	if name == "Relationship" {
		return relation(is.Attr)
	}
	if slices.Contains(never, name) {
		return objects("the element %.40s", name)
	}
	for _, a := range is.Attr { // of whatever prefix: there may be two of a name
		switch value := strings.TrimSpace(a.Value); a.Name.Local {
		case "media-type":
			if strings.Contains(value, "oleobject") {
				return objects("the element %.40s", name)
			}
		case "href":
			switch scheme, _, _ := strings.Cut(strings.ToLower(value), ":"); {
			case scheme == "vnd.sun.star.script" || scheme == "macro" || scheme == "script":
				return macros(name)
			case slices.Contains(within, name) && !inside(value) && !(name == "template" && onDisk(value)):
				return objects("%.40s elsewhere", name)
			}
		}
	}
	return nil
}

// relation refuses a relationship of Office Open XML to what is opened unasked.
func relation(says []xml.Attr) error {
	var of, to, mode string
	for _, a := range says {
		switch a.Name {
		case xml.Name{Local: "Type"}:
			of = path.Base(strings.TrimSpace(a.Value))
		case xml.Name{Local: "Target"}:
			to = strings.TrimSpace(a.Value)
		case xml.Name{Local: "TargetMode"}:
			mode = strings.TrimSpace(a.Value)
		}
	}
	template := of == "attachedTemplate" && onDisk(to)
	if slices.Contains(nowhere, of) || strings.EqualFold(mode, "External") && !slices.Contains(outside, of) && !template {
		return objects("a relationship of %.40s", of)
	}
	return nil
}

// inside tells whether a reference stays in the archive: it has no scheme, and does not climb.
func inside(href string) bool {
	way, err := url.PathUnescape(href)
	return err == nil && !strings.ContainsAny(way, `:\`) && !strings.HasPrefix(way, "/") && !strings.Contains(way, "..")
}

// onDisk tells whether a reference is to a disk of whoever opens it, as Word and LibreOffice write of
// the template that a document was made from, and not to a network.
func onDisk(href string) bool {
	way, err := url.PathUnescape(strings.ToLower(href))
	if err != nil {
		return false
	}
	way = strings.ReplaceAll(way, `\`, "/")
	if rest, isFile := strings.CutPrefix(way, "file:///"); isFile {
		way = "./" + rest // one more slash is a network
	}
	drive := strings.TrimPrefix(strings.TrimPrefix(way, "."), "/")
	if len(drive) > 1 && drive[1] == ':' {
		way = drive[2:]
	}
	return !strings.Contains(way, ":") && !strings.Contains(way, "//")
}

func objects(format string, args ...any) error {
	return fail.New(fail.Invalid, "a document with objects: "+format, args...).Say("attach.objects")
}
